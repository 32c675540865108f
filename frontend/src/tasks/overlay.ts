"use client";

/**
 * What the user has changed and the server has not confirmed yet. It lies over what the server has
 * told, so that it is seen at once, and leaves nothing behind if it cannot be saved.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";

import { type Store, store } from "@/ui/store";
import { recount, replaceInPages } from "./cache";
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

/** What the server has told of a task, if it is in a list that has been loaded. */
type Known = (id: number) => Task | undefined;

/** A list as the changes make it. */
export function pagesWith(
  changes: readonly Change[],
  view: View,
  pages: readonly TaskPage[],
  known: Known,
): readonly TaskPage[] {
  return effects(changes, known).reduce(
    (pages, { before, after }) => replaceInPages(view, pages, before, after),
    pages,
  );
}

/** The counts as the changes make them. */
export function countsWith(
  changes: readonly Change[],
  counts: TaskCounts,
  known: Known,
): TaskCounts {
  return effects(changes, known).reduce(
    (sum, { before, after }) => recount(sum, before, after),
    counts,
  );
}

/** A task before all changes, and after them; null where it is not there. */
interface Effect {
  readonly before: Task | null;
  readonly after: Task | null;
}

/** What the changes make of each task. One that the server does not know any more is gone for good. */
function effects(changes: readonly Change[], known: Known): readonly Effect[] {
  const effects = new Map<number, Effect>();
  for (const { task, fields } of changes) {
    const told = known(task.id) ?? null;
    const { before, after } = effects.get(task.id) ?? {
      before: told,
      after: isPlaceholder(task) ? task : told,
    };
    effects.set(task.id, { before, after: fields && after && { ...after, ...fields } });
  }
  return [...effects.values()];
}
