"use client";

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";

import { keys, loadedTask, narrowed, recount, type TaskPages } from "./cache";
import { useHidden } from "./deletions";
import type { TaskCounts } from "./task";
import { useTasks } from "./tasks-context";
import { DEFAULT_VIEW, type View } from "./view";

/** When a list was loaded that was made here of another one: the server is asked at once all the same. */
const LONG_AGO = 1;

/** The tasks of a view, page by page; at once, if all tasks are here already. */
export function useTaskPages(view: View) {
  const { api } = useTasks();
  const client = useQueryClient();
  return useInfiniteQuery({
    queryKey: keys.list(view),
    queryFn: ({ pageParam, signal }) => api.list(view, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // Rather than a placeholder, which would go if the server cannot be reached.
    initialData: () => {
      const all = client.getQueryData<TaskPages>(keys.list(DEFAULT_VIEW));
      return all && narrowed(view, all);
    },
    initialDataUpdatedAt: LONG_AGO,
  });
}

/** How many tasks there are, without those that are about to be deleted. */
export function useTaskCounts(): TaskCounts | undefined {
  const { api } = useTasks();
  const client = useQueryClient();
  const hidden = useHidden();
  const { data } = useQuery({ queryKey: keys.counts, queryFn: ({ signal }) => api.counts(signal) });
  // One that has gone from the lists by itself has gone from the counts as well.
  const leaving = [...hidden].map((id) => loadedTask(client, id) ?? null);
  return data && leaving.reduce((rest, task) => recount(rest, task, null), data);
}

/** Asks for everything again that is shown; what is being asked for already is waited for. */
export function useAskAgain(): () => void {
  const client = useQueryClient();
  return () => {
    const shown = { queryKey: keys.all, type: "active" } as const;
    void client.refetchQueries(shown, { cancelRefetch: false });
  };
}
