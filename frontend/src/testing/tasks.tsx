/** Ada's tasks without a server, for the tests of what shows them. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, vi } from "vitest";

import { keys, type TaskPages } from "@/tasks/cache";
import type { Task } from "@/tasks/task";
import type { TaskApi } from "@/tasks/task-api";
import { DEFAULT_VIEW } from "@/tasks/view";

export const ada = { id: "ada", email: "ada@example.com", name: "Ada" };
export const grace = { id: "grace", email: "grace@example.com", name: "Grace" };

export const milk: Task = {
  id: 1,
  user_id: ada.id,
  title: "Buy milk",
  description: null,
  completed: false,
  created_at: "2026-11-21T10:00:00.000000Z",
  updated_at: "2026-11-21T10:00:00.000000Z",
};

/** The calls of the API, which do what the test says. */
export const api = {
  list: vi.fn(),
  counts: vi.fn(),
  create: vi.fn(),
  update: vi.fn(),
  complete: vi.fn(),
  delete: vi.fn(),
} satisfies Record<keyof TaskApi, unknown>;

// Which jsdom does not have. There is nothing to escape here.
Object.assign(globalThis, { CSS: { escape: (text: string) => text } });

let client: QueryClient;
beforeEach(() => {
  vi.resetAllMocks();
  client = new QueryClient({
    defaultOptions: { queries: { retry: false }, mutations: { networkMode: "always" } },
  });
});
afterEach(cleanup);

/** What the usual list holds before anything is asked for; `next` is where its next page begins. */
export function load(tasks: readonly Task[], next: string | null = null): void {
  const pages: TaskPages = { pages: [{ tasks, next }], pageParams: [null] };
  client.setQueryData(keys.list(DEFAULT_VIEW), pages);
}

/** Renders beside the lists. */
export function show(element: ReactNode) {
  return render(element, {
    wrapper: ({ children }) => (
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    ),
  });
}
