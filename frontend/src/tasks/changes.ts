"use client";

import { type Query, type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";

import { messageOf } from "@/api/problem";
import { toast } from "@/ui/toast";
import { keys, loadedTask, replaceTask } from "./cache";
import { placeholder, type Task, type TaskDraft } from "./task";
import type { TaskApi } from "./task-api";
import { useTasks } from "./tasks-context";

/**
 * Makes tasks. A task is in the lists at once, and out of them again if it could not be made; then
 * `lost` is told of it.
 */
export function useCreateTask(lost: (title: string, error: Error) => void) {
  const { api, user } = useTasks();
  const client = useQueryClient();
  return useMutation({
    mutationKey: keys.changesOf("new"),
    // In the order in which they were written down.
    scope: { id: "new" },
    mutationFn: (title: string) => api.create(title),
    async onMutate(title) {
      const task = placeholder(title.trim(), user.id);
      await show(client, null, task);
      return task;
    },
    onSuccess: (saved, _title, task) => show(client, task, saved),
    onError(error, title, task) {
      if (task) takeBack(client, task, null);
      lost(title, error);
    },
    onSettled: () => settle(client),
  });
}

/** Changes the words of a task: shown at once, and taken back if they could not be saved. */
export function useUpdateTask(task: Task, told: Told) {
  const { api } = useTasks();
  return useChange<TaskDraft>(task, (draft) => api.update(task.id, draft), told);
}

/** Completes a task or opens it again, in the same way. */
export function useCompleteTask(task: Task) {
  const { api } = useTasks();
  return useChange<Pick<Task, "completed">>(
    task,
    ({ completed }) => api.complete(task.id, completed),
    {
      lost: (error) => {
        toast(`“${task.title}” is as it was. ${messageOf(error)}`, { look: "danger" });
      },
    },
  );
}

/** Who is told what has come of a change. */
interface Told {
  saved?(): void;
  lost(error: Error): void;
}

/** Deletes a task that is not shown any more; it throws if that could not be done. */
export async function deleteTask(client: QueryClient, api: TaskApi, task: Task): Promise<void> {
  // Not a hook's, for it may be told after the list has gone.
  const change = client.getMutationCache().build(client, {
    mutationKey: keys.changesOf(task.id),
    scope: { id: String(task.id) },
    mutationFn: () => api.delete(task.id),
    onSuccess: () => show(client, loadedTask(client, task.id) ?? task, null),
    onError: () => void doubtful.add(client),
    onSettled: () => settle(client),
  });
  await change.execute(undefined);
}

/** A change of some fields of a task. */
function useChange<Fields extends Partial<Task>>(
  task: Task,
  save: (change: Fields) => Promise<Task>,
  { saved: isSaved, lost }: Told,
) {
  const client = useQueryClient();
  const now = () => loadedTask(client, task.id) ?? task;
  const mutationKey = keys.changesOf(task.id);
  return useMutation({
    mutationKey,
    // One after the other, so that the last one wins.
    scope: { id: String(task.id) },
    mutationFn: save,
    async onMutate(change) {
      const before = now();
      await show(client, before, { ...before, ...change });
      return before;
    },
    async onSuccess(saved) {
      // What further changes have made of the task meanwhile is shown until they are saved.
      if (client.isMutating({ mutationKey }) === 1) await show(client, now(), saved);
      isSaved?.();
    },
    onError(error, change, before) {
      if (before) takeBack(client, now(), { ...now(), ...fieldsOf(before, change) });
      lost(error);
    },
    onSettled: () => settle(client),
  });
}

/** The fields of `task` that `change` has. */
function fieldsOf(task: Task, change: Partial<Task>): Partial<Task> {
  return Object.fromEntries(Object.entries(task).filter(([field]) => field in change));
}

/** Those of which nobody knows for sure whether their lists are what the server has. */
const doubtful = new WeakSet<QueryClient>();

/** Shows what has become, or is to become, of a task. */
async function show(client: QueryClient, before: Task | null, after: Task | null): Promise<void> {
  replaceTask(client, before, after);
  // What is being asked for would undo it, so that is put off. What has never been loaded goes on.
  const loading = {
    queryKey: keys.all,
    predicate: ({ state }: Query) => state.data !== undefined && state.fetchStatus === "fetching",
  };
  if (client.isFetching(loading) > 0) doubtful.add(client);
  await client.cancelQueries(loading);
}

/** Shows what stood before. What the server has is another question: it may have saved it all the same. */
function takeBack(client: QueryClient, before: Task, after: Task | null): void {
  replaceTask(client, before, after);
  doubtful.add(client);
}

/** After the last of several changes: asks for what nobody knows for sure. */
function settle(client: QueryClient): void {
  if (client.isMutating({ mutationKey: keys.changes }) > 1) return;
  void client.invalidateQueries({ queryKey: doubtful.delete(client) ? keys.all : keys.counts });
}
