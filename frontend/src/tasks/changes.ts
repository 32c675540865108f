"use client";

import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";

import { messageOf } from "@/api/problem";
import { toast } from "@/ui/toast";
import { keys, replaceTask } from "./cache";
import { placeholder, type Task } from "./task";
import { useTasks } from "./tasks-context";

/** A change of a task: what stood before, and what it is to become. Null is a task not made yet. */
interface Step<Before = Task | null> {
  readonly before: Before;
  readonly after: Task;
}

/** Makes tasks. The task is in the lists at once, and out of them again if it could not be made. */
export function useCreateTask() {
  const { api, user } = useTasks();
  const client = useQueryClient();
  return useMutation({
    // In the order in which they were written down.
    scope: { id: "create" },
    mutationFn: (title: string) => api.create(title),
    onMutate: (title) => foresee(client, null, placeholder(title.trim(), user.id)),
    onSuccess: (task, _title, { after }) => replaceTask(client, after, task),
    onError: (_error, _title, step) => takeBack(client, step),
  });
}

/**
 * Changes the words of a task: shown at once, and taken back if they could not be saved. What the
 * user wrote is offered to them again then, by `editAgain`.
 */
export function useUpdateTask(id: number, editAgain: (step: Step<Task>) => void) {
  const { api } = useTasks();
  return useChange(id, {
    save: ({ title, description }) => api.update(id, { title, description }),
    lost(step, why) {
      const action = { label: "Edit again", run: () => editAgain(step) };
      toast(`Your edit is not saved. ${why}`, { look: "danger", action, duration: 20_000 });
    },
  });
}

/** Completes a task or opens it again, in the same way. */
export function useCompleteTask(id: number) {
  const { api } = useTasks();
  return useChange(id, {
    save: ({ completed }) => api.complete(id, completed),
    lost({ before }, why) {
      toast(`“${before.title}” is as it was. ${why}`, { look: "danger" });
    },
  });
}

interface Change {
  /** Asks the server for it. */
  save(after: Task): Promise<Task>;
  /** Tells the user that nothing has come of it. */
  lost(step: Step<Task>, why: string): void;
}

function useChange(id: number, { save, lost }: Change) {
  const client = useQueryClient();
  const mutationKey = keys.changes(id);
  return useMutation({
    mutationKey,
    // One after the other, so that the last one wins.
    scope: { id: String(id) },
    mutationFn: ({ after }: Step<Task>) => save(after),
    onMutate: ({ before, after }) => foresee(client, before, after),
    onSuccess(saved, { after }) {
      // What further changes have made of the task meanwhile is shown until they are saved.
      if (client.isMutating({ mutationKey }) === 1) replaceTask(client, after, saved);
    },
    onError(error, step) {
      takeBack(client, step);
      lost(step, messageOf(error));
    },
  });
}

/** Shows what the change is to become. */
async function foresee(client: QueryClient, before: Task | null, after: Task): Promise<Step> {
  replaceTask(client, before, after);
  // An answer from before the change would undo it. What has never been loaded goes on loading.
  await client.cancelQueries({
    queryKey: keys.all,
    predicate: ({ state }) => state.data !== undefined,
  });
  return { before, after };
}

/** Shows what stood before the change, and then what the server has, for nobody knows what it saved. */
function takeBack(client: QueryClient, step: Step | undefined): void {
  if (step) replaceTask(client, step.after, step.before);
  void client.invalidateQueries({ queryKey: keys.all });
}
