"use client";

import { type QueryClient, useQueryClient } from "@tanstack/react-query";

import { messageOf } from "@/api/problem";
import type { Change } from "./overlay";
import { carryOut, type Outcome, showAndSave } from "./saving";
import { placeholder, type Task, type TaskDraft } from "./task";
import type { TaskApi } from "./task-api";
import { useTasks } from "./tasks-context";
import { tellUser } from "./tell-user";

/** Makes tasks, in the order in which they are written down. */
export function useCreateTask(outcome: Outcome<string>): (title: string) => void {
  const { api, user } = useTasks();
  const client = useQueryClient();
  return (title) => {
    const change = { task: placeholder(title.trim(), user.id), fields: {} };
    void showAndSave(client, change, () => api.create(title), title, outcome);
  };
}

/** Changes the words of a task. */
export function useUpdateTask(task: Task, outcome: Outcome<TaskDraft>): (draft: TaskDraft) => void {
  const { api } = useTasks();
  const client = useQueryClient();
  return (draft) => {
    const change = { task, fields: draft };
    void showAndSave(client, change, () => api.update(task.id, draft), draft, outcome);
  };
}

/** Completes a task or opens it again; `withdraw` takes back what was told of that, if it fails. */
export function useCompleteTask(task: Task): (completed: boolean, withdraw?: () => void) => void {
  const { api } = useTasks();
  const client = useQueryClient();
  return (completed, withdraw) => {
    const change = { task, fields: { completed } };
    const lost = (_: boolean, error: unknown) => {
      withdraw?.();
      const text = `“${task.title}” is as it was. ${messageOf(error)}`;
      tellUser(task.user_id, text, { look: "danger" });
    };
    void showAndSave(client, change, () => api.complete(task.id, completed), completed, { lost });
  };
}

/**
 * Carries out a deletion that is shown already; it throws if that could not be done. When the page is
 * about to go, it waits for no other change of the task.
 */
export async function deleteTask(
  client: QueryClient,
  api: TaskApi,
  change: Change,
  isLeaving = false,
): Promise<void> {
  const save = async () => {
    await api.delete(change.task.id);
    return null;
  };
  await carryOut(client, change, save, isLeaving);
}
