"use client";

/**
 * Which task is open for editing, and what was written and neither saved nor given up: by user, for it
 * outlives the list, a visit to another page and the end of a session.
 */
import { useCallback } from "react";

import { byUser, useMine } from "./by-user";
import type { TaskDraft } from "./task";

interface Editing {
  /** The id of the task that is open. */
  readonly open: number | null;
  /** Whether the user has just opened it, so that it is to have the focus. */
  readonly isNew: boolean;
  /** What was written, by the task's id. */
  readonly drafts: ReadonlyMap<number, TaskDraft>;
}

const editing = byUser<Editing>({ open: null, isNew: false, drafts: new Map() });

/** What is being edited, and how to begin and end that. */
export function useEditing() {
  const [mine, change] = useMine(editing);
  return {
    openTask: mine.open,
    isNew: mine.isNew,
    draftOf: (id: number) => mine.drafts.get(id),
    /** Opens a task, with what was last written about it. */
    open: useCallback((id: number) => change(() => ({ open: id, isNew: true })), [change]),
    /** Opens it by itself. */
    reopen: useCallback((id: number) => change(() => ({ open: id, isNew: false })), [change]),
    /** What is open has been seen to. */
    settle: useCallback(() => change(() => ({ isNew: false })), [change]),
    close: useCallback(
      (id: number) => change(({ open }) => ({ open: open === id ? null : open })),
      [change],
    ),
    /** Keeps what was written; a draft of nothing forgets it. */
    keep: useCallback(
      (id: number, draft: TaskDraft) => change(({ drafts }) => replace(drafts, id, draft)),
      [change],
    ),
    /** Forgets what has been saved, but not what was written since. */
    forget: useCallback(
      (id: number, saved: TaskDraft) =>
        change(({ drafts }) => replace(drafts, id, rest(drafts.get(id), saved))),
      [change],
    ),
    /** Keeps what could not be saved, but for what was written since. */
    giveBack: useCallback(
      (id: number, lost: TaskDraft) =>
        change(({ drafts }) => replace(drafts, id, { ...lost, ...drafts.get(id) })),
      [change],
    ),
  };
}

/** Whether nothing was written. */
export function isNothing(draft: TaskDraft): boolean {
  return Object.keys(draft).length === 0;
}

function replace(drafts: Editing["drafts"], id: number, draft: TaskDraft) {
  const others = [...drafts].filter(([other]) => other !== id);
  return { drafts: new Map(isNothing(draft) ? others : [...others, [id, draft]]) };
}

/** What is left of a draft when `saved` is saved. */
function rest({ title, description }: TaskDraft = {}, saved: TaskDraft): TaskDraft {
  return {
    ...(title !== undefined && title !== saved.title && { title }),
    ...(description !== undefined && description !== saved.description && { description }),
  };
}
