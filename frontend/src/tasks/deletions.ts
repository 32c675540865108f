"use client";

/**
 * Deletions that can still be undone. A task that is to go is hidden at once; the server is told when
 * its message is gone, when the page is left, and before the user logs out. When another tab has ended
 * the session, nobody can tell the server any more, and the task stays.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { messageOf } from "@/api/problem";
import { auth } from "@/auth";
import { store } from "@/ui/store";
import { toast } from "@/ui/toast";
import { deleteTask } from "./changes";
import { focusPart } from "./focus";
import type { Task } from "./task";
import type { TaskApi } from "./task-api";
import { useTasks } from "./tasks-context";

interface Deletion {
  readonly task: Task;
  /** Takes its message away, and waits for nothing more. */
  readonly withdraw: () => void;
  /** Tells the server. */
  readonly commit: () => Promise<void>;
}

/** The ids of the tasks that are not shown. */
const hidden = store<ReadonlySet<number>>(new Set());
/** Those that can be undone, the last one last. */
let undoable: readonly Deletion[] = [];

/** The ids of the tasks not to be shown. */
export const useHidden = hidden.useValue;

/** Deletes a task, and offers to undo that. */
export function useDeleteTask(): (task: Task) => void {
  const { api } = useTasks();
  const client = useQueryClient();
  return useCallback((task) => begin(api, client, task), [api, client]);
}

/** Takes the last deletion back; false if there is none. */
export function undoDeletion(): boolean {
  const last = undoable.at(-1);
  if (last) undo(last);
  return last !== undefined;
}

/** Tells the server of every deletion, also while the page goes. */
export async function commitDeletions(): Promise<void> {
  await Promise.all(undoable.map((deletion) => deletion.commit()));
}

function begin(api: TaskApi, client: QueryClient, task: Task) {
  const commit = async () => {
    if (!forget(deletion)) return;
    try {
      await deleteTask(client, api, task);
    } catch (error) {
      toast(`“${task.title}” is not deleted. ${messageOf(error)}`, { look: "danger" });
    }
    unhide(task);
  };
  const undoAndReturn = () => {
    undo(deletion);
    focusPart(task.id, "delete");
  };
  const takeMessageAway = toast(`“${task.title}” is deleted.`, {
    action: { label: "Undo", run: undoAndReturn },
    onGone: () => void commit(),
  });
  const stopListening = auth().subscribe(() => {
    if (!isSignedIn(task.user_id)) undo(deletion);
  });
  const withdraw = () => {
    stopListening();
    takeMessageAway();
  };
  const deletion: Deletion = { task, withdraw, commit };
  undoable = [...undoable, deletion];
  hidden.set(new Set(hidden.get()).add(task.id));
}

function undo(deletion: Deletion) {
  if (forget(deletion)) unhide(deletion.task);
}

/** Makes a deletion one that cannot be undone; false if it is one already. */
function forget(deletion: Deletion): boolean {
  if (!undoable.includes(deletion)) return false;
  undoable = undoable.filter((other) => other !== deletion);
  deletion.withdraw();
  return true;
}

function isSignedIn(userId: string): boolean {
  const session = auth().state;
  return session.status === "signed-in" && session.user.id === userId;
}

function unhide(task: Task) {
  hidden.set(new Set([...hidden.get()].filter((id) => id !== task.id)));
}

if (typeof window !== "undefined") {
  window.addEventListener("pagehide", () => void commitDeletions());
}
