/** Every call about tasks. */
import { answer, apiFor, type TokenSource } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Task, TaskCounts, TaskDraft } from "./task";
import type { View } from "./view";

/** How many tasks a page holds: more than fit on a screen, few enough to come at once. */
const PAGE = 50;

/** A page of a list. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  /** Where the next page begins; null if there is none. */
  readonly next: string | null;
}

export type TaskApi = ReturnType<typeof taskApi>;

/**
 * The tasks that `scope` names in their URLs: those of the token's user (`v1`), or a user's by id. A
 * change that has been sent arrives even if the page goes.
 */
export function taskApi(tokens: TokenSource, scope: string) {
  const api = apiFor(tokens);
  const owner = { user_id: scope };

  return {
    async list(view: View, cursor: string | null, signal: AbortSignal): Promise<TaskPage> {
      const query = { ...view, limit: PAGE, ...(cursor !== null && { cursor }) };
      const params = { path: owner, query };
      const { data = [], response } = await api.GET("/api/{user_id}/tasks", { params, signal });
      return { tasks: data, next: nextCursor(response.headers.get("Link")) };
    },

    async counts(signal: AbortSignal): Promise<TaskCounts> {
      const params = { path: owner };
      return await answer(api.GET("/api/{user_id}/tasks/counts", { params, signal }));
    },

    async create(title: string): Promise<Task> {
      const params = { path: owner };
      const body = { title };
      return await answer(api.POST("/api/{user_id}/tasks", { params, body, keepalive: true }));
    },

    async update(task_id: number, body: TaskDraft): Promise<Task> {
      const params = { path: { ...owner, task_id } };
      const call = api.PUT("/api/{user_id}/tasks/{task_id}", { params, body, keepalive: true });
      return await answer(call);
    },

    async complete(task_id: number, completed: boolean): Promise<Task> {
      const params = { path: { ...owner, task_id } };
      const init = { params, body: { completed }, keepalive: true };
      return await answer(api.PATCH("/api/{user_id}/tasks/{task_id}/complete", init));
    },

    /** Deletes the task. One that is gone already is as good. */
    async delete(task_id: number): Promise<void> {
      const params = { path: { ...owner, task_id } };
      const call = api.DELETE("/api/{user_id}/tasks/{task_id}", { params, keepalive: true });
      await call.catch((error) => {
        if (!(error instanceof Problem && error.status === 404)) throw error;
      });
    },
  };
}

/** The cursor of the page that the header `Link` names as the next one (RFC 8288). */
export function nextCursor(link: string | null): string | null {
  const target = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/)?.[1];
  if (target === undefined) return null;
  // Only its query is looked at; the host is there because an address needs one.
  return new URL(target, "http://localhost").searchParams.get("cursor");
}
