/** The lists and counts as the server has told them, and what a change of a task makes of them. */
import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";

import type { Task, TaskCounts } from "./task";
import type { TaskPage } from "./task-api";
import { compare, shows, staysInPlace, type View } from "./view";

export type TaskPages = InfiniteData<TaskPage, string | null>;

export const keys = {
  all: ["tasks"],
  lists: ["tasks", "list"],
  list: (view: View) => ["tasks", "list", view],
  counts: ["tasks", "counts"],
  changes: ["tasks", "change"],
} as const;

/**
 * Writes down that the server has `after` where it had `before`, in every list and in the counts. Null
 * is a task that is not there yet, or no more. What was old before is so afterwards; that it was
 * doubtful is forgotten.
 */
export function replaceTask(client: QueryClient, before: Task | null, after: Task | null): void {
  for (const { queryKey, state } of client.getQueryCache().findAll({ queryKey: keys.lists })) {
    client.setQueryData<TaskPages>(
      queryKey,
      (list) =>
        list && { ...list, pages: replaceInPages(viewOfKey(queryKey), list.pages, before, after) },
      { updatedAt: state.dataUpdatedAt },
    );
  }
  client.setQueryData<TaskCounts>(
    keys.counts,
    (counts) => counts && recount(counts, before, after),
    { updatedAt: client.getQueryState(keys.counts)?.dataUpdatedAt },
  );
}

/** Puts `after` in the place of `before`, in one list. */
export function replaceInPages(
  view: View,
  pages: readonly TaskPage[],
  before: Task | null,
  after: Task | null,
): TaskPage[] {
  const tasks = pages.map((page) => [...page.tasks]);
  const old = before && locate(tasks, before.id);
  const belongs = after && shows(view, after);
  if (old && belongs && staysInPlace(view, before, after)) {
    tasks[old.page]?.splice(old.index, 1, after);
  } else {
    if (old) tasks[old.page]?.splice(old.index, 1);
    if (belongs) insert(view, tasks, after, pages.at(-1)?.next == null);
  }
  return pages.map((page, index) => ({ ...page, tasks: tasks[index] ?? [] }));
}

/** Puts the task where it belongs, unless that is beyond what has been loaded. */
function insert(view: View, tasks: Task[][], task: Task, isWhole: boolean): void {
  if (locate(tasks, task.id)) return;
  for (const page of tasks) {
    const index = page.findIndex((other) => compare(view, task, other) < 0);
    if (index >= 0) {
      page.splice(index, 0, task);
      return;
    }
  }
  if (isWhole) tasks.at(-1)?.push(task);
}

function locate(tasks: Task[][], id: number): { page: number; index: number } | null {
  for (const [page, list] of tasks.entries()) {
    const index = list.findIndex((task) => task.id === id);
    if (index >= 0) return { page, index };
  }
  return null;
}

/** The task as the server told it last, if it is in a list that has been loaded. */
export function loadedTask(client: QueryClient, id: number): Task | undefined {
  const lists = client.getQueriesData<TaskPages>({ queryKey: keys.lists });
  const pages = lists.flatMap(([, list]) => list?.pages ?? []);
  const copies = pages.flatMap((page) => page.tasks).filter((task) => task.id === id);
  // A list that is not shown may be older.
  return copies.toSorted((a, b) => (a.updated_at < b.updated_at ? 1 : -1))[0];
}

/**
 * The tasks of a list, each once: one that has moved on the server meanwhile may be in two pages.
 */
export function tasksOf(pages: readonly TaskPage[]): Task[] {
  const tasks = new Map<number, Task>();
  for (const task of pages.flatMap((page) => page.tasks)) {
    if (!tasks.has(task.id)) tasks.set(task.id, task);
  }
  return [...tasks.values()];
}

/** The list of another view, if `all` holds every task. */
export function narrowed(view: View, all: TaskPages): TaskPages | undefined {
  if (all.pages.at(-1)?.next !== null) return undefined;
  const tasks = tasksOf(all.pages).filter((task) => shows(view, task));
  tasks.sort((a, b) => compare(view, a, b));
  return { pages: [{ tasks, next: null }], pageParams: [null] };
}

/** The counts after the change. */
export function recount(counts: TaskCounts, before: Task | null, after: Task | null): TaskCounts {
  const count = (task: Task | null, completed: boolean) => (task?.completed === completed ? 1 : 0);
  const pending = counts.pending - count(before, false) + count(after, false);
  const completed = counts.completed - count(before, true) + count(after, true);
  return { all: pending + completed, pending, completed };
}

function viewOfKey(key: QueryKey): View {
  // Every key of a list ends with its view: see `keys.list`.
  return key.at(-1) as View;
}
