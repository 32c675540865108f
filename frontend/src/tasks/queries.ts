"use client";

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";

import { keys, narrowed, type TaskPages } from "./cache";
import { useTasks } from "./tasks-context";
import { DEFAULT_VIEW, type View } from "./view";

/** The tasks of a view, page by page; at once, if all tasks are here already. */
export function useTaskPages(view: View) {
  const { api } = useTasks();
  const client = useQueryClient();
  return useInfiniteQuery({
    queryKey: keys.list(view),
    queryFn: ({ pageParam, signal }) => api.list(view, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: () => {
      const all = client.getQueryData<TaskPages>(keys.list(DEFAULT_VIEW));
      return all && narrowed(view, all);
    },
  });
}

/** How many tasks there are. */
export function useTaskCounts() {
  const { api } = useTasks();
  return useQuery({ queryKey: keys.counts, queryFn: ({ signal }) => api.counts(signal) });
}
