// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import { Unreachable } from "@/api/problem";
import { keys, type TaskPages } from "./cache";
import { useCompleteTask, useCreateTask, useUpdateTask } from "./changes";
import type { Task } from "./task";
import type { TaskApi } from "./task-api";
import { DEFAULT_VIEW } from "./view";

const milk: Task = {
  id: 1,
  user_id: "ada",
  title: "Buy milk",
  description: null,
  completed: false,
  created_at: "2026-11-21T10:00:00.000000Z",
  updated_at: "2026-11-21T10:00:00.000000Z",
};
const done = { ...milk, completed: true };

const api = vi.hoisted(() => ({
  list: vi.fn(),
  counts: vi.fn(),
  create: vi.fn(),
  update: vi.fn(),
  complete: vi.fn(),
  delete: vi.fn(),
})) satisfies Record<keyof TaskApi, unknown>;
const toast = vi.hoisted(() => vi.fn());
vi.mock("./tasks-context", () => ({ useTasks: () => ({ api, user: { id: "ada" } }) }));
vi.mock("@/ui/toast", () => ({ toast }));

let client: QueryClient;
beforeEach(() => {
  vi.resetAllMocks();
  client = new QueryClient({ defaultOptions: { mutations: { networkMode: "always" } } });
  const pages: TaskPages = { pages: [{ tasks: [milk], next: null }], pageParams: [null] };
  client.setQueryData(keys.list(DEFAULT_VIEW), pages);
  client.setQueryData(keys.counts, { all: 1, pending: 1, completed: 0 });
});

/** Runs a hook beside the lists. */
function render<Hook>(hook: () => Hook) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return renderHook(hook, { wrapper }).result;
}

/** The tasks as they are shown. */
function shown() {
  const pages = client.getQueryData<TaskPages>(keys.list(DEFAULT_VIEW));
  return pages?.pages.flatMap((page) => page.tasks) ?? [];
}

/** An answer that the test gives when it wants to. */
function answerLater<T>() {
  let give: (value: T) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const promise = new Promise<T>((resolve, reject) => {
    give = resolve;
    fail = reject;
  });
  return { promise, give, fail };
}

test("a completed task is shown as such before the server has answered", async () => {
  const answer = answerLater<Task>();
  api.complete.mockReturnValue(answer.promise);
  const complete = render(() => useCompleteTask(1));
  await act(async () => complete.current.mutate({ before: milk, after: done }));
  expect(shown()).toEqual([done]);
  expect(client.getQueryData(keys.counts)).toEqual({ all: 1, pending: 0, completed: 1 });

  const saved = { ...done, updated_at: "2026-11-21T11:00:00.000000Z" };
  await act(async () => answer.give(saved));
  await waitFor(() => expect(shown()).toEqual([saved]));
});

test("a change that fails is taken back, and the user is told why", async () => {
  api.complete.mockRejectedValue(new Unreachable(null));
  const complete = render(() => useCompleteTask(1));
  act(() => complete.current.mutate({ before: milk, after: done }));
  await waitFor(() => expect(toast).toHaveBeenCalledOnce());
  expect(shown()).toEqual([milk]);
  expect(client.getQueryData(keys.counts)).toEqual({ all: 1, pending: 1, completed: 0 });
  expect(toast.mock.calls[0]?.[0]).toMatch(
    /“Buy milk” is as it was\. The server cannot be reached/,
  );
});

test("of two changes in a row the last one is shown while the first is being saved", async () => {
  const [first, second] = [answerLater<Task>(), answerLater<Task>()];
  api.complete.mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise);
  const complete = render(() => useCompleteTask(1));
  await act(async () => complete.current.mutate({ before: milk, after: done }));
  await act(async () => complete.current.mutate({ before: done, after: milk }));
  expect(api.complete).toHaveBeenCalledOnce();
  await act(async () => first.give(done));
  expect(shown()).toEqual([milk]);
  await waitFor(() => expect(api.complete).toHaveBeenCalledTimes(2));
  await act(async () => second.give(milk));
  expect(shown()).toEqual([milk]);
});

test("a new task is in the list at once, and becomes the one that the server made", async () => {
  const answer = answerLater<Task>();
  api.create.mockReturnValue(answer.promise);
  const create = render(() => useCreateTask());
  await act(async () => create.current.mutate("  Call Charles "));
  expect(shown().map(({ title }) => title)).toEqual(["Call Charles", "Buy milk"]);
  const saved = { ...milk, id: 2, title: "Call Charles" };
  await act(async () => answer.give(saved));
  await waitFor(() => expect(shown()).toEqual([saved, milk]));
});

test("an edit that fails is offered to the user again", async () => {
  api.update.mockRejectedValue(new Unreachable(null));
  const editAgain = vi.fn();
  const update = render(() => useUpdateTask(1, editAgain));
  const step = { before: milk, after: { ...milk, title: "Buy oat milk" } };
  act(() => update.current.mutate(step));
  await waitFor(() => expect(toast).toHaveBeenCalledOnce());
  expect(shown()).toEqual([milk]);
  toast.mock.calls[0]?.[1].action.run();
  expect(editAgain).toHaveBeenCalledWith(step);
});
