"use client";

/**
 * Deletions that can still be undone. A task that is to go is hidden at once; the server is told when
 * its message is gone, when the page is left, and before the user logs out. When another tab has ended
 * the session, nobody can tell the server any more, and the task stays.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

import { messageOf, Problem } from "@/api/problem";
import { auth } from "@/auth";
import { toast } from "@/ui/toast";
import { keys, replaceTask } from "./cache";
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

/** The tasks that are hidden, by id. */
type Hidden = ReadonlyMap<number, Task>;

const NONE: Hidden = new Map();
let hidden: Hidden = NONE;
/** Those that can be undone, the last one last. */
let undoable: readonly Deletion[] = [];
const listeners = new Set<() => void>();

/** The tasks not to be shown. */
export function useHidden(): Hidden {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hidden,
    () => NONE,
  );
}

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
      await remove(api, task.id);
      replaceTask(client, task, null);
    } catch (error) {
      toast(`“${task.title}” is not deleted. ${messageOf(error)}`, { look: "danger" });
      void client.invalidateQueries({ queryKey: keys.all });
    }
    hide([...hidden].filter(([id]) => id !== task.id));
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
  hide([...hidden, [task.id, task]]);
}

function undo(deletion: Deletion) {
  if (!forget(deletion)) return;
  hide([...hidden].filter(([id]) => id !== deletion.task.id));
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

function hide(tasks: [number, Task][]) {
  hidden = new Map(tasks);
  for (const listener of listeners) listener();
}

/** Deletes the task; one that is gone already is as good. */
async function remove(api: TaskApi, id: number): Promise<void> {
  try {
    await api.delete(id);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
}

if (typeof window !== "undefined") {
  window.addEventListener("pagehide", () => void commitDeletions());
}
