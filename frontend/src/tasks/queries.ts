"use client";

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import { keys, loadedTask, narrowed, type TaskPages, tasksOf } from "./cache";
import { countsWith, pagesWith, useOverlay } from "./overlay";
import type { TaskCounts } from "./task";
import { useTasks } from "./tasks-context";
import { DEFAULT_VIEW, type View } from "./view";

/** When a list was loaded that was made here of another one: the server is asked at once all the same. */
const LONG_AGO = 1;

/**
 * The tasks of a view as the user has changed them, and how they are loaded: page by page; at once, if
 * all tasks are here already.
 */
export function useTaskPages(view: View) {
  const { api } = useTasks();
  const client = useQueryClient();
  const changes = useOverlay();
  const pages = useInfiniteQuery({
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
  const told = pages.data?.pages;
  const tasks = useMemo(
    () => told && tasksOf(pagesWith(changes, view, told, (id) => loadedTask(client, id))),
    [changes, view, told, client],
  );
  return { tasks, pages };
}

/** How many tasks there are, as the user has changed them. */
export function useTaskCounts(): TaskCounts | undefined {
  const { api } = useTasks();
  const client = useQueryClient();
  const changes = useOverlay();
  const { data } = useQuery({ queryKey: keys.counts, queryFn: ({ signal }) => api.counts(signal) });
  return data && countsWith(changes, data, (id) => loadedTask(client, id));
}

/** Asks for everything again that is shown; what is being asked for already is waited for. */
export function useAskAgain(): () => void {
  const client = useQueryClient();
  return () => {
    const shown = { queryKey: keys.all, type: "active" } as const;
    void client.refetchQueries(shown, { cancelRefetch: false });
  };
}
