// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import { Unreachable } from "@/api/problem";
import { later } from "@/testing/later";
import { ada, api, grace, milk } from "@/testing/tasks";
import { keys, type TaskPages } from "./cache";
import { deleteTask, useCompleteTask, useCreateTask, useUpdateTask } from "./changes";
import { useTaskCounts, useTaskPages } from "./queries";
import type { Task } from "./task";
import type { TaskPage } from "./task-api";
import { DEFAULT_VIEW, type View } from "./view";

const done = { ...milk, completed: true };
const call: Task = { ...milk, id: 2, title: "Call Charles", created_at: "2026-11-21T11:00:00Z" };
const pending: View = { ...DEFAULT_VIEW, status: "pending" };

const toast = vi.hoisted(() => vi.fn());
const session = vi.hoisted(() => ({ state: {} }));
vi.mock("./tasks-context", () => ({ useTasks: () => ({ api, user: ada }) }));
vi.mock("@/ui/toast", () => ({ toast }));
vi.mock("@/auth", () => ({ auth: () => session }));

let client: QueryClient;
beforeEach(() => {
  session.state = { status: "signed-in", user: ada };
  client = new QueryClient({
    defaultOptions: {
      queries: { staleTime: 60_000, networkMode: "always", retry: false },
      mutations: { networkMode: "always" },
    },
  });
  serve(milk);
  client.setQueryData<TaskPages>(keys.list(DEFAULT_VIEW), {
    pages: [page(milk)],
    pageParams: [null],
  });
  client.setQueryData(keys.counts, { all: 1, pending: 1, completed: 0 });
});

const page = (...tasks: Task[]): TaskPage => ({ tasks, next: null });
const unreachable = new Unreachable(null);

/** What the server has. */
function serve(...tasks: Task[]) {
  const completed = tasks.filter((task) => task.completed).length;
  const counts = { all: tasks.length, pending: tasks.length - completed, completed };
  api.list.mockResolvedValue(page(...tasks));
  api.counts.mockResolvedValue(counts);
}

/** Runs a hook beside the list and the counts. */
function render<Hook>(hook: () => Hook, view = DEFAULT_VIEW) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const all = ({ view }: { view: View }) => {
    const { tasks, pages } = useTaskPages(view);
    const { error, isFetching, refetch } = pages;
    return { run: hook(), tasks, counts: useTaskCounts(), error, isFetching, refetch };
  };
  return renderHook(all, { wrapper, initialProps: { view } });
}

/** Completes milk and opens it again, neither of which is saved until the test says so. */
async function completeAndReopen() {
  const [first, second] = [later<Task>(), later<Task>()];
  api.complete.mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise);
  const { result } = render(() => useCompleteTask(milk));
  await act(async () => result.current.run(true));
  await act(async () => result.current.run(false));
  return { result, first, second };
}

const titles = (tasks: readonly Task[] | undefined) => tasks?.map(({ title }) => title);

test("a completed task is shown as such before the server has answered", async () => {
  const answer = later<Task>();
  api.complete.mockReturnValue(answer.promise);
  const { result } = render(() => useCompleteTask(milk));
  await act(async () => result.current.run(true));
  expect(result.current.tasks).toEqual([done]);
  expect(result.current.counts).toEqual({ all: 1, pending: 0, completed: 1 });

  const saved = { ...done, updated_at: "2026-11-21T12:00:00.000000Z" };
  serve(saved);
  await act(async () => answer.give(saved));
  expect(result.current.tasks).toEqual([saved]);
  expect(api.list).not.toHaveBeenCalled();
});

test("a change that fails is taken back, and the user is told why", async () => {
  api.complete.mockRejectedValue(unreachable);
  const { result } = render(() => useCompleteTask(milk));
  await act(async () => result.current.run(true));
  await waitFor(() => expect(toast).toHaveBeenCalledOnce());
  expect(result.current.tasks).toEqual([milk]);
  expect(result.current.counts).toEqual({ all: 1, pending: 1, completed: 0 });
  expect(toast.mock.calls[0]?.[0]).toMatch(
    /“Buy milk” is as it was\. The server cannot be reached/,
  );
});

test("of two changes in a row the last one is shown while the first is being saved", async () => {
  const { result, first, second } = await completeAndReopen();
  expect(api.complete).toHaveBeenCalledOnce();
  await act(async () => first.give(done));
  expect(result.current.tasks).toEqual([milk]);
  await waitFor(() => expect(api.complete).toHaveBeenCalledTimes(2));
  await act(async () => second.give(milk));
  expect(result.current.tasks).toEqual([milk]);
});

test("two changes that both fail leave the task as it was", async () => {
  const { result, first, second } = await completeAndReopen();
  await act(async () => first.fail(unreachable));
  await act(async () => second.fail(unreachable));
  await waitFor(() => expect(toast).toHaveBeenCalledTimes(2));
  expect(result.current.tasks).toEqual([milk]);
  expect(result.current.counts).toEqual({ all: 1, pending: 1, completed: 0 });
});

test("an edit that fails is told, and takes back its own fields alone", async () => {
  const [title, status] = [later<Task>(), later<Task>()];
  api.update.mockReturnValue(title.promise);
  api.complete.mockReturnValue(status.promise);
  const lost = vi.fn();
  const { result } = render(() => ({
    update: useUpdateTask(milk, { lost }),
    complete: useCompleteTask(milk),
  }));
  const draft = { title: "Buy oat milk", description: null };
  await act(async () => result.current.run.update(draft));
  await act(async () => result.current.run.complete(true));
  expect(result.current.tasks).toEqual([{ ...done, title: "Buy oat milk" }]);

  await act(async () => title.fail(unreachable));
  await waitFor(() => expect(lost).toHaveBeenCalledExactlyOnceWith(draft, unreachable));
  expect(result.current.tasks).toEqual([done]);
  serve(done);
  await act(async () => status.give(done));
  expect(result.current.tasks).toEqual([done]);
});

test("a new task is in the list at once, and becomes the one that the server made", async () => {
  const answer = later<Task>();
  api.create.mockReturnValue(answer.promise);
  const { result } = render(() => useCreateTask({ lost: vi.fn() }));
  await act(async () => result.current.run("  Call Charles "));
  expect(titles(result.current.tasks)).toEqual(["Call Charles", "Buy milk"]);
  await act(async () => answer.give(call));
  expect(result.current.tasks).toEqual([call, milk]);
});

test("of two new tasks the later one stays above the other while both are being saved", async () => {
  const answer = later<Task>();
  api.create.mockReturnValueOnce(answer.promise).mockReturnValueOnce(later<Task>().promise);
  const { result } = render(() => useCreateTask({ lost: vi.fn() }));
  await act(async () => result.current.run("Call Charles"));
  await act(async () => result.current.run("Write to Charles"));
  const inOrder = ["Write to Charles", "Call Charles", "Buy milk"];
  expect(titles(result.current.tasks)).toEqual(inOrder);
  await act(async () => answer.give(call));
  expect(result.current.tasks).toContainEqual(call);
  expect(titles(result.current.tasks)).toEqual(inOrder);
});

test("several that fail are told one by one, and leave nothing behind", async () => {
  api.create.mockRejectedValue(unreachable);
  const lost = vi.fn();
  const { result } = render(() => useCreateTask({ lost }));
  await act(async () => {
    result.current.run("one");
    result.current.run("two");
  });
  await waitFor(() => expect(lost).toHaveBeenCalledTimes(2));
  expect(lost.mock.calls.map(([title]) => title)).toEqual(["one", "two"]);
  expect(result.current.tasks).toEqual([milk]);
});

test("what nobody knows for sure is asked for after the last change, and not before", async () => {
  const { first, second } = await completeAndReopen();
  await act(async () => first.fail(unreachable));
  expect(api.list).not.toHaveBeenCalled();
  await act(async () => second.give(milk));
  await waitFor(() => expect(api.list).toHaveBeenCalledOnce());
});

test("two changes that fail at one moment are followed by one look at the server", async () => {
  const bread = { ...call, title: "Bread" };
  const renewal = later<Task>();
  api.complete.mockReturnValue(renewal.promise);
  const { result } = render(() => [useCompleteTask(milk), useCompleteTask(bread)] as const);
  await act(async () => {
    for (const complete of result.current.run) complete(true);
  });
  await act(async () => renewal.fail(unreachable));
  await waitFor(() => expect(api.list).toHaveBeenCalledOnce());
});

test("a task that is being made stays shown when another filter is chosen", async () => {
  api.create.mockReturnValue(later<Task>().promise);
  const { result, rerender } = render(() => useCreateTask({ lost: vi.fn() }));
  await act(async () => result.current.run("Call Charles"));
  rerender({ view: pending });
  await waitFor(() => expect(result.current.isFetching).toBe(false));
  expect(api.list).toHaveBeenCalledOnce();
  expect(titles(result.current.tasks)).toEqual(["Call Charles", "Buy milk"]);
});

test("a task that is made while the list is loading for the first time is in it", async () => {
  client.clear();
  const list = later<TaskPage>();
  api.list.mockReturnValueOnce(list.promise);
  api.create.mockResolvedValue(call);
  const { result } = render(() => useCreateTask({ lost: vi.fn() }));
  serve(call, milk);
  await act(async () => result.current.run("Call Charles"));
  // Asked for before the task was made.
  await act(async () => list.give(page(milk)));
  await waitFor(() => expect(titles(result.current.tasks)).toEqual(["Call Charles", "Buy milk"]));
});

test("a page that was asked for before a change brings nothing back that has gone", async () => {
  const list = later<TaskPage>();
  api.list.mockReturnValueOnce(list.promise);
  api.delete.mockResolvedValue(undefined);
  const { result } = render(() => null);
  await act(async () => void result.current.refetch());
  serve();
  await act(() => deleteTask(client, api, { task: milk, fields: null }));
  await act(async () => list.give(page(milk)));
  expect(result.current.tasks).toEqual([]);
});

test("a change that is not answered yet leaves it known that the server is away", async () => {
  api.list.mockRejectedValue(unreachable);
  api.complete.mockReturnValue(later<Task>().promise);
  const { result } = render(() => useCompleteTask(milk));
  await act(async () => void result.current.refetch());
  await waitFor(() => expect(result.current.error).toBe(unreachable));
  await act(async () => result.current.run(true));
  expect(result.current.tasks).toEqual([done]);
  expect(result.current.error).toBe(unreachable);
});

test("a deletion waits for other changes of the task, but not when the page is about to go", async () => {
  const answer = later<Task>();
  api.complete.mockReturnValue(answer.promise);
  api.delete.mockResolvedValue(undefined);
  const { result } = render(() => useCompleteTask(milk));
  await act(async () => result.current.run(true));
  const change = { task: milk, fields: null };
  const deleted = deleteTask(client, api, change);
  await act(async () => {});
  expect(api.delete).not.toHaveBeenCalled();
  await act(() => deleteTask(client, api, change, true));
  expect(api.delete).toHaveBeenCalledOnce();
  await act(async () => answer.give(done));
  await act(() => deleted);
  expect(api.delete).toHaveBeenCalledTimes(2);
});

test.each([
  ["somebody else is being looked for", { status: "restoring" }, 0],
  ["somebody else is here", { status: "signed-in", user: grace }, 0],
  ["they have left", { status: "signed-out", reason: "left" }, 0],
  ["their session has ended by itself", { status: "signed-out", reason: "expired" }, 1],
])("what a user has lost is told to nobody else: when %s", async (_, state, times) => {
  const answer = later<Task>();
  api.complete.mockReturnValue(answer.promise);
  const { result } = render(() => useCompleteTask(milk));
  await act(async () => result.current.run(true));
  session.state = state;
  await act(async () => answer.fail(unreachable));
  expect(toast).toHaveBeenCalledTimes(times);
});
