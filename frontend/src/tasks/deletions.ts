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
import { toast } from "@/ui/toast";
import { deleteTask } from "./changes";
import { focusPart } from "./focus";
import { layOver, lift } from "./overlay";
import type { Task } from "./task";
import type { TaskApi } from "./task-api";
import { useTasks } from "./tasks-context";
import { isSignedIn, tellUser } from "./tell-user";

interface Deletion {
  /** Shows the task again. */
  readonly show: () => void;
  /** Takes its message away, and waits for nothing more. */
  readonly withdraw: () => void;
  /** Tells the server. */
  readonly commit: (isLeaving?: boolean) => Promise<void>;
}

/** Those that can be undone, the last one last. */
let undoable: readonly Deletion[] = [];

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

/** Tells the server of every deletion; at once, if the page is about to go. */
export async function commitDeletions(isLeaving = false): Promise<void> {
  await Promise.all(undoable.map((deletion) => deletion.commit(isLeaving)));
}

function begin(api: TaskApi, client: QueryClient, task: Task) {
  const change = { task, fields: null };
  const commit = async (isLeaving = false) => {
    if (!forget(deletion)) return;
    try {
      await deleteTask(client, api, change, isLeaving);
    } catch (error) {
      const text = `“${task.title}” is not deleted. ${messageOf(error)}`;
      tellUser(task.user_id, text, { look: "danger" });
    }
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
  const show = () => lift(client, change);
  const deletion: Deletion = { show, withdraw, commit };
  undoable = [...undoable, deletion];
  layOver(client, change);
}

function undo(deletion: Deletion) {
  if (forget(deletion)) deletion.show();
}

/** Makes a deletion one that cannot be undone; false if it is one already. */
function forget(deletion: Deletion): boolean {
  if (!undoable.includes(deletion)) return false;
  undoable = undoable.filter((other) => other !== deletion);
  deletion.withdraw();
  return true;
}
