// @vitest-environment jsdom
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import { Unreachable } from "@/api/problem";
import { later } from "@/testing/later";
import { keys, type TaskPages } from "./cache";
import { deleteTask, useCompleteTask, useCreateTask, useUpdateTask } from "./changes";
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

test("a completed task is shown as such before the server has answered", async () => {
  const answer = later<Task>();
  api.complete.mockReturnValue(answer.promise);
  const complete = render(() => useCompleteTask(milk));
  await act(async () => complete.current.mutate({ completed: true }));
  expect(shown()).toEqual([done]);
  expect(client.getQueryData(keys.counts)).toEqual({ all: 1, pending: 0, completed: 1 });

  const saved = { ...done, updated_at: "2026-11-21T11:00:00.000000Z" };
  await act(async () => answer.give(saved));
  await waitFor(() => expect(shown()).toEqual([saved]));
});

test("a change that fails is taken back, and the user is told why", async () => {
  api.complete.mockRejectedValue(new Unreachable(null));
  const complete = render(() => useCompleteTask(milk));
  act(() => complete.current.mutate({ completed: true }));
  await waitFor(() => expect(toast).toHaveBeenCalledOnce());
  expect(shown()).toEqual([milk]);
  expect(client.getQueryData(keys.counts)).toEqual({ all: 1, pending: 1, completed: 0 });
  expect(toast.mock.calls[0]?.[0]).toMatch(
    /“Buy milk” is as it was\. The server cannot be reached/,
  );
});

test("of two changes in a row the last one is shown while the first is being saved", async () => {
  const [first, second] = [later<Task>(), later<Task>()];
  api.complete.mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise);
  const complete = render(() => useCompleteTask(milk));
  await act(async () => complete.current.mutate({ completed: true }));
  await act(async () => complete.current.mutate({ completed: false }));
  expect(api.complete).toHaveBeenCalledOnce();
  await act(async () => first.give(done));
  expect(shown()).toEqual([milk]);
  await waitFor(() => expect(api.complete).toHaveBeenCalledTimes(2));
  await act(async () => second.give(milk));
  expect(shown()).toEqual([milk]);
});

test("a new task is in the list at once, and becomes the one that the server made", async () => {
  const answer = later<Task>();
  api.create.mockReturnValue(answer.promise);
  const create = render(() => useCreateTask(vi.fn()));
  await act(async () => create.current.mutate("  Call Charles "));
  expect(shown().map(({ title }) => title)).toEqual(["Call Charles", "Buy milk"]);
  const saved = { ...milk, id: 2, title: "Call Charles" };
  await act(async () => answer.give(saved));
  await waitFor(() => expect(shown()).toEqual([saved, milk]));
});

test("of two new tasks the later one stays above the other while both are being saved", async () => {
  const [first, second] = [later<Task>(), later<Task>()];
  api.create.mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise);
  const create = render(() => useCreateTask(vi.fn()));
  await act(async () => create.current.mutate("Call Charles"));
  await act(async () => create.current.mutate("Write to Charles"));
  const inOrder = ["Write to Charles", "Call Charles", "Buy milk"];
  expect(shown().map(({ title }) => title)).toEqual(inOrder);
  const made = { ...milk, id: 2, title: "Call Charles" };
  await act(async () => first.give(made));
  await waitFor(() => expect(shown()).toContainEqual(made));
  expect(shown().map(({ title }) => title)).toEqual(inOrder);
});

test("several that fail are told one by one, and leave nothing behind", async () => {
  api.create.mockRejectedValue(new Unreachable(null));
  const lost = vi.fn();
  const create = render(() => useCreateTask(lost));
  act(() => create.current.mutate("one"));
  act(() => create.current.mutate("two"));
  await waitFor(() => expect(lost).toHaveBeenCalledTimes(2));
  expect(lost.mock.calls.map(([title]) => title)).toEqual(["one", "two"]);
  expect(shown()).toEqual([milk]);
});

test("an edit that fails is told, and takes back its own fields alone", async () => {
  const [title, status] = [later<Task>(), later<Task>()];
  api.update.mockReturnValue(title.promise);
  api.complete.mockReturnValue(status.promise);
  const lost = vi.fn();
  const update = render(() => useUpdateTask(milk, { lost }));
  const complete = render(() => useCompleteTask(milk));
  await act(async () => update.current.mutate({ title: "Buy oat milk", description: null }));
  await act(async () => complete.current.mutate({ completed: true }));
  expect(shown()).toEqual([{ ...done, title: "Buy oat milk" }]);

  await act(async () => title.fail(new Unreachable(null)));
  await waitFor(() => expect(lost).toHaveBeenCalledOnce());
  expect(shown()).toEqual([done]);
  await act(async () => status.give(done));
  expect(shown()).toEqual([done]);
});

test("what nobody knows for sure is asked for after the last change, and not before", async () => {
  const [first, second] = [later<Task>(), later<Task>()];
  api.complete.mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise);
  const list = vi.fn(async () => client.getQueryData(keys.list(DEFAULT_VIEW)));
  render(() => useQuery({ queryKey: keys.list(DEFAULT_VIEW), queryFn: list, staleTime: 60_000 }));
  const complete = render(() => useCompleteTask(milk));
  await act(async () => complete.current.mutate({ completed: true }));
  await act(async () => complete.current.mutate({ completed: false }));
  await act(async () => first.fail(new Unreachable(null)));
  expect(list).not.toHaveBeenCalled();
  await act(async () => second.give(milk));
  await waitFor(() => expect(list).toHaveBeenCalledOnce());
});

test("a page that was asked for before a change brings nothing back that has gone", async () => {
  const page = later<TaskPages>();
  const late = client.fetchQuery({
    queryKey: keys.list(DEFAULT_VIEW),
    queryFn: () => page.promise,
  });
  api.delete.mockResolvedValue(undefined);
  await act(() => deleteTask(client, api, milk));
  page.give({ pages: [{ tasks: [milk], next: null }], pageParams: [null] });
  await late.catch(() => {});
  expect(shown()).toEqual([]);
});
