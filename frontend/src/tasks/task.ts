import type { Schemas } from "@/api/client";

/** A task as the API tells it. */
export type Task = Schemas["TaskResponse"];

/** What an editor changes; what it leaves out stays as it is. */
export type TaskDraft = Partial<Pick<Task, "title" | "description">>;

/** How many tasks there are. */
export type TaskCounts = Schemas["CountsResponse"];

/**
 * What the ids of placeholders begin above: far beyond the server's, and far below what a number holds.
 * So whatever orders tasks by id has those as the newest, in the order in which they were written down.
 */
const SAVED = 2 ** 52;

let placeholders = 0;

/** A task that the server is still to make. */
export function placeholder(title: string, userId: string): Task {
  placeholders += 1;
  const now = new Date().toISOString();
  return {
    id: SAVED + placeholders,
    user_id: userId,
    title,
    description: null,
    completed: false,
    created_at: now,
    updated_at: now,
  };
}

/** Whether the server has yet to make the task. */
export function isPlaceholder(task: Task): boolean {
  return task.id > SAVED;
}
