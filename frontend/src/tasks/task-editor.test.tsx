// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { Unreachable } from "@/api/problem";
import { later } from "@/testing/later";
import { ada, api, grace, milk, show } from "@/testing/tasks";
import type { Task } from "./task";
import { TaskList } from "./task-list";
import { DEFAULT_VIEW } from "./view";

const toast = vi.hoisted(() => vi.fn());
vi.mock("./tasks-context", () => ({ useTasks: () => ({ api, user: who }) }));
vi.mock("@/ui/toast", () => ({ toast }));
vi.mock("@/auth", () => ({ auth: () => ({ state: { status: "signed-in", user: who } }) }));
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn() }) }));

/** Who is signed in. */
let who = ada;
beforeEach(() => {
  who = ada;
});

const user = userEvent.setup();
/** What is open, or was written, outlives a list: each test has a task of its own. */
let id = 0;
const aTask = (): Task => {
  id += 1;
  return { ...milk, id };
};
const list = (...tasks: readonly Task[]) => (
  <TaskList key="list" tasks={tasks} view={DEFAULT_VIEW} />
);
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

async function open(title = "Buy milk") {
  await user.click(screen.getByLabelText(`Edit “${title}”`));
}

async function write(label: string, text: string) {
  await user.clear(field(label));
  await user.type(field(label), text);
}

async function save() {
  await user.click(screen.getByText("Save"));
  await waitFor(() => expect(screen.queryByText("Save")).toBeNull());
}

test("what was written last is not forgotten when an earlier edit is saved", async () => {
  const task = aTask();
  const [first, second] = [later<Task>(), later<Task>()];
  api.update.mockReturnValueOnce(first.promise).mockReturnValueOnce(second.promise);
  show(list(task));
  for (const title of ["Buy oat milk", "Buy oat milk and bread"]) {
    await open();
    await write("Title", title);
    await save();
  }
  await act(async () => first.give({ ...task, title: "Buy oat milk" }));
  await waitFor(() => expect(api.update).toHaveBeenCalledTimes(2));
  await act(async () => second.fail(new Unreachable(null)));
  await waitFor(() => expect(toast).toHaveBeenCalledOnce());
  await open();
  expect(field("Title").value).toBe("Buy oat milk and bread");
});

test("what was written and left is not forgotten when an earlier edit is saved", async () => {
  const [task, other] = [aTask(), { ...aTask(), title: "Feed the cat" }];
  const answer = later<Task>();
  api.update.mockReturnValue(answer.promise);
  show(list(task, other));
  await open();
  await write("Title", "Buy oat milk");
  await save();
  await open();
  await write("Description", "Two litres");
  await open("Feed the cat");
  await act(async () => answer.give({ ...task, title: "Buy oat milk" }));
  await open();
  expect(field("Description").value).toBe("Two litres");
});

test("what was saved is forgotten", async () => {
  const task = aTask();
  api.update.mockResolvedValue({ ...task, title: "Buy oat milk" });
  show(list(task));
  await open();
  await write("Title", "Buy oat milk");
  await save();
  await open();
  expect(field("Title").value).toBe("Buy milk");
});

test("an editor that is saved as it was opened changes nothing that another tab has written", async () => {
  const task = aTask();
  const { rerender } = show(list(task));
  await open();
  rerender(list({ ...task, title: "Buy oat milk", description: "Two litres" }));
  await save();
  expect(api.update).not.toHaveBeenCalled();
});

test("of an edit only what was changed is sent", async () => {
  const task = { ...aTask(), description: "Two litres" };
  api.update.mockResolvedValue(task);
  const { rerender } = show(list(task));
  await open();
  await write("Title", "Buy oat milk");
  rerender(list({ ...task, description: "Three litres" }));
  await save();
  expect(api.update.mock.calls).toEqual([[task.id, { title: "Buy oat milk" }]]);
});

test("what was written and left keeps to what was changed", async () => {
  const [task, other] = [aTask(), { ...aTask(), title: "Feed the cat" }];
  const { rerender } = show(list(task, other));
  await open();
  await write("Title", "Buy oat milk");
  await open("Feed the cat");
  rerender(list({ ...task, description: "Three litres" }, other));
  await open();
  expect(field("Title").value).toBe("Buy oat milk");
  expect(field("Description").value).toBe("Three litres");
});

test("a description that is cleared is sent as none", async () => {
  const task = { ...aTask(), description: "Two litres" };
  api.update.mockResolvedValue(task);
  show(list(task));
  await open();
  await user.clear(field("Description"));
  await save();
  expect(api.update.mock.calls).toEqual([[task.id, { description: null }]]);
});

test("what an edit has not saved yet is sent again with the next one", async () => {
  const task = aTask();
  const first = later<Task>();
  api.update.mockReturnValueOnce(first.promise).mockResolvedValue(task);
  const { rerender } = show(list(task));
  await open();
  await write("Description", "Two litres");
  await save();
  rerender(list({ ...task, description: "Two litres" }));
  await open();
  await write("Title", "Buy oat milk");
  await save();
  await act(async () => first.fail(new Unreachable(null)));
  const both = { title: "Buy oat milk", description: "Two litres" };
  await waitFor(() => expect(api.update).toHaveBeenLastCalledWith(task.id, both));
});

test("what was saved is forgotten though its editor was open again meanwhile", async () => {
  const [task, other] = [aTask(), { ...aTask(), title: "Feed the cat" }];
  const answer = later<Task>();
  api.update.mockReturnValue(answer.promise);
  const { rerender } = show(list(task, other));
  await open();
  await write("Description", "Two litres");
  await save();
  await open();
  await open("Feed the cat");
  await act(async () => answer.give({ ...task, description: "Two litres" }));
  rerender(list({ ...task, description: "Three litres" }, other));
  await open();
  expect(field("Description").value).toBe("Three litres");
});

test("an edit that is not saved is given back though its editor was left as it was meanwhile", async () => {
  const task = aTask();
  const answer = later<Task>();
  api.update.mockReturnValue(answer.promise);
  show(list(task));
  await open();
  await write("Title", "Buy oat milk");
  await save();
  await open();
  await user.keyboard("{Escape}");
  await act(async () => answer.fail(new Unreachable(null)));
  await waitFor(() => expect(toast).toHaveBeenCalledOnce());
  await open();
  expect(field("Title").value).toBe("Buy oat milk");
});

test("the title has the focus, and is selected, before the next key", () => {
  show(list(aTask()));
  fireEvent.click(screen.getByLabelText("Edit “Buy milk”"));
  expect(document.activeElement).toBe(field("Title"));
  expect(field("Title").selectionEnd).toBe("Buy milk".length);
});

test("an editor that comes back takes the focus from nobody who writes elsewhere", async () => {
  const [task, line] = [aTask(), <input key="line" aria-label="New task" />];
  const { rerender } = show([line, list(task)]);
  await open();
  rerender([line]);
  await user.click(field("New task"));
  rerender([line, list(task)]);
  expect(document.activeElement).toBe(field("New task"));
});

test("an editor that comes back has the focus if nothing else has it", async () => {
  const task = aTask();
  const { rerender } = show(list(task));
  await open();
  rerender(null);
  rerender(list(task));
  expect(document.activeElement).toBe(field("Title"));
});

test("an editor that the user opens has the focus, wherever that was", async () => {
  show([<input key="line" aria-label="New task" />, list(aTask())]);
  await user.click(field("New task"));
  // Not every browser gives the focus to a button that is clicked.
  fireEvent.click(screen.getByLabelText("Edit “Buy milk”"));
  expect(document.activeElement).toBe(field("Title"));
});

test("what comes of one user's edit leaves the editor of another alone", async () => {
  const [task, graces] = [aTask(), { ...aTask(), user_id: grace.id }];
  const answer = later<Task>();
  api.update.mockReturnValue(answer.promise);
  const { rerender } = show(list(task));
  await open();
  await write("Title", "Buy oat milk");
  await save();
  who = grace;
  rerender(list(graces));
  await open();
  await write("Title", "Call Ada");
  await act(async () => answer.give(task));
  expect(field("Title").value).toBe("Call Ada");
});

test("nobody sees what another user has written", async () => {
  const task = aTask();
  const { rerender } = show(list(task));
  await open();
  await write("Title", "Buy oat milk");
  rerender(null);
  who = grace;
  rerender(list({ ...task, user_id: grace.id }));
  await open();
  expect(field("Title").value).toBe("Buy milk");
});
