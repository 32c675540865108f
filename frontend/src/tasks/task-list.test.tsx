// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { Unreachable } from "@/api/problem";
import { later } from "@/testing/later";
import { ada, api, milk, show } from "@/testing/tasks";
import type { Task } from "./task";
import { TaskList } from "./task-list";
import { DEFAULT_VIEW } from "./view";

const toast = vi.hoisted(() => vi.fn());
vi.mock("./tasks-context", () => ({ useTasks: () => ({ api, user: ada }) }));
vi.mock("@/ui/toast", () => ({ toast }));
vi.mock("@/auth", () => ({ auth: () => ({ state: { status: "signed-in", user: ada } }) }));
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn() }) }));

const user = userEvent.setup();
const PENDING = { ...DEFAULT_VIEW, status: "pending" } as const;

/** Completes the only pending task, which leaves the list. */
async function complete() {
  const [answer, withdraw] = [later<Task>(), vi.fn()];
  api.complete.mockReturnValue(answer.promise);
  toast.mockReturnValueOnce(withdraw);
  const { rerender } = show(<TaskList tasks={[milk]} view={PENDING} />);
  await user.click(screen.getByLabelText("Complete “Buy milk”"));
  rerender(<TaskList tasks={[]} view={PENDING} />);
  expect(toast.mock.calls.map(([text]) => text)).toEqual(["“Buy milk” is completed."]);
  return { answer, withdraw };
}

test("a task that could not be completed is not told to be any more", async () => {
  const { answer, withdraw } = await complete();
  await act(async () => answer.fail(new Unreachable(null)));
  await waitFor(() => expect(withdraw).toHaveBeenCalledOnce());
  expect(toast.mock.calls[1]?.[0]).toMatch(/^“Buy milk” is as it was/);
});

test("a task that is completed goes on being told to be", async () => {
  const { answer, withdraw } = await complete();
  await act(async () => answer.give({ ...milk, completed: true }));
  expect(withdraw).not.toHaveBeenCalled();
});

test("the second click of a double click does nothing to a task that has moved under it", () => {
  api.complete.mockReturnValue(later<Task>().promise);
  const next = { ...milk, id: 2, title: "Feed the cat" };
  const { rerender } = show(<TaskList tasks={[milk, next]} view={PENDING} />);
  fireEvent.click(screen.getByLabelText("Complete “Buy milk”"), { detail: 1 });
  rerender(<TaskList tasks={[next]} view={PENDING} />);
  const box = screen.getByLabelText<HTMLInputElement>("Complete “Feed the cat”");
  fireEvent.click(box, { detail: 2 });
  expect(box.checked).toBe(false);
  expect(toast).toHaveBeenCalledOnce();
});

test("clicks of a keyboard, and those on one task, all count", async () => {
  api.complete.mockResolvedValue(milk);
  const next = { ...milk, id: 2, title: "Feed the cat" };
  show(<TaskList tasks={[milk, next]} view={DEFAULT_VIEW} />);
  const [first, second] = [/Buy milk/, /Feed the cat/].map((name) =>
    screen.getByRole("checkbox", { name }),
  );
  if (!first || !second) throw new Error("both are in the list");
  fireEvent.click(first, { detail: 1 });
  fireEvent.click(first, { detail: 2 });
  fireEvent.click(second, { detail: 0 });
  await waitFor(() => expect(api.complete).toHaveBeenCalledTimes(3));
});
