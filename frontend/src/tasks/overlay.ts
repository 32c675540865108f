"use client";

/**
 * What the user has changed and the server has not confirmed yet. It lies over what the server has
 * told, so that it is seen at once, and leaves nothing behind if it cannot be saved.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";

import { type Store, store } from "@/ui/store";
import { findTask, recount, replaceInPages } from "./cache";
import { isPlaceholder, type Task, type TaskCounts } from "./task";
import type { TaskPage } from "./task-api";
import type { View } from "./view";

export interface Change {
  /** The task as it was shown; a placeholder if it is still to be made. */
  readonly task: Task;
  /** What the user has set; null if the task is to go. */
  readonly fields: Partial<Task> | null;
}

/** The changes of each user, in the order in which they were made. */
const overlays = new WeakMap<QueryClient, Store<readonly Change[]>>();

/** Shows a change. */
export function layOver(client: QueryClient, change: Change): void {
  const overlay = overlayOf(client);
  overlay.set([...overlay.get(), change]);
}

/** Shows it no more: the server has confirmed it, or it has come to nothing. */
export function lift(client: QueryClient, change: Change): void {
  const overlay = overlayOf(client);
  overlay.set(overlay.get().filter((other) => other !== change));
}

/** The changes that are to be shown. */
export function useOverlay(): readonly Change[] {
  return overlayOf(useQueryClient()).useValue();
}

function overlayOf(client: QueryClient): Store<readonly Change[]> {
  const overlay = overlays.get(client) ?? store<readonly Change[]>([]);
  overlays.set(client, overlay);
  return overlay;
}

/** A list as the changes make it. */
export function pagesWith(
  changes: readonly Change[],
  view: View,
  told: readonly TaskPage[],
): readonly TaskPage[] {
  return changes.reduce((pages, { task, fields }) => {
    const before = isPlaceholder(task) ? null : (findTask(pages, task.id) ?? task);
    return replaceInPages(view, pages, before, fields && { ...(before ?? task), ...fields });
  }, told);
}

/**
 * The counts as the changes make them. `told` knows the tasks as the server has told them: one that it
 * does not know has gone from the counts as well.
 */
export function countsWith(
  changes: readonly Change[],
  counts: TaskCounts,
  told: (id: number) => Task | undefined,
): TaskCounts {
  const shown = new Map<number, Task | null>();
  return changes.reduce((sum, { task, fields }) => {
    const before = shown.get(task.id) ?? told(task.id) ?? null;
    if (!before && !isPlaceholder(task)) return sum;
    const after = fields && { ...(before ?? task), ...fields };
    shown.set(task.id, after);
    return recount(sum, before, after);
  }, counts);
}
