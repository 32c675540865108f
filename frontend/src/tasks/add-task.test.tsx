// @vitest-environment jsdom
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { NotSignedIn, Problem, Unreachable } from "@/api/problem";
import { later } from "@/testing/later";
import { ada, api, grace, show } from "@/testing/tasks";
import { AddTask } from "./add-task";
import type { Task } from "./task";
import { DEFAULT_VIEW } from "./view";

const toast = vi.hoisted(() => vi.fn());
vi.mock("./tasks-context", () => ({ useTasks: () => ({ api, user: who }) }));
vi.mock("@/ui/toast", () => ({ toast }));
vi.mock("@/auth", () => ({ auth: () => ({ state: { status: "signed-in", user: who } }) }));

/** What stands in the line outlives it: in each test somebody else is signed in. */
let who = ada;
let count = 0;
beforeEach(() => {
  count += 1;
  who = { ...ada, id: `ada-${count}` };
});

const user = userEvent.setup();
const line = <AddTask view={DEFAULT_VIEW} showPending={vi.fn()} />;
const field = () => screen.getByLabelText<HTMLInputElement>("New task");

/** Writes titles down, each of which the server answers later. */
async function add(...titles: readonly string[]) {
  const answers = titles.map(() => later<Task>());
  for (const [index, title] of titles.entries()) {
    api.create.mockReturnValueOnce(answers[index]?.promise);
    await user.type(field(), `${title}{Enter}`);
    await waitFor(() => expect(field().value).toBe(""));
  }
  return (error: Error) => act(async () => void answers.map(({ fail }) => fail(error)));
}

/** The texts of the messages, each with what it offers. */
const messages = () => toast.mock.calls.map(([text, options]) => [text, options.action?.label]);

test("a task that fails comes back into the line", async () => {
  show(line);
  const fail = await add("Call Charles");
  await fail(new Unreachable(null));
  await waitFor(() => expect(field().value).toBe("Call Charles"));
  expect(messages()).toEqual([[expect.stringMatching(/^“Call Charles” is not added/), undefined]]);
});

test("a task that fails after the line has gone is in the line that comes next", async () => {
  const { rerender } = show(line);
  const fail = await add("Call Charles");
  rerender(null);
  await fail(new Unreachable(null));
  await waitFor(() => expect(toast).toHaveBeenCalledOnce());
  rerender(line);
  expect(field().value).toBe("Call Charles");
});

test("a task that fails when another line has come is in that one", async () => {
  const { rerender } = show(line);
  const fail = await add("Call Charles");
  rerender(null);
  rerender(line);
  await fail(new Unreachable(null));
  await waitFor(() => expect(field().value).toBe("Call Charles"));
});

test("a task that fails while the next one is written can be added again", async () => {
  const { rerender } = show(line);
  const fail = await add("Call Charles");
  await user.type(field(), "Buy");
  rerender(null);
  await fail(new Unreachable(null));
  rerender(line);
  expect(messages()).toEqual([
    [expect.stringMatching(/^“Call Charles” is not added/), "Add again"],
  ]);
  api.create.mockResolvedValue({});
  act(() => toast.mock.calls[0]?.[1].action.run());
  await waitFor(() => expect(api.create).toHaveBeenCalledTimes(2));
  expect(api.create).toHaveBeenLastCalledWith("Call Charles");
  expect(field().value).toBe("Buy");
});

test("of several that fail those that do not fit into the line are offered together", async () => {
  const withdraw = vi.fn();
  toast.mockReturnValue(withdraw);
  const { rerender } = show(line);
  const fail = await add("one", "two", "three");
  await fail(new Unreachable(null));
  await waitFor(() => expect(field().value).toBe("one"));
  await waitFor(() =>
    expect(messages().at(-1)).toEqual([
      expect.stringMatching(/^2 tasks are not added/),
      "Add again",
    ]),
  );
  // Until the user has seen to it.
  const offer = toast.mock.calls.at(-1);
  expect(offer?.[1].duration).toBe(Number.POSITIVE_INFINITY);
  rerender(null);
  expect(withdraw).toHaveBeenCalled();
  toast.mockClear();
  rerender(line);
  expect(messages()).toHaveLength(1);
  act(() => toast.mock.calls[0]?.[1].onGone());
  toast.mockClear();
  rerender(null);
  rerender(line);
  expect(toast).not.toHaveBeenCalled();
});

test("what fails after its user has gone is told to nobody, and is there when they come back", async () => {
  const { rerender } = show(line);
  const fail = await add("Call Charles");
  rerender(null);
  const ada = who;
  who = grace;
  await fail(new NotSignedIn());
  expect(toast).not.toHaveBeenCalled();
  who = ada;
  rerender(line);
  expect(field().value).toBe("Call Charles");
});

test("what is saved after its user has gone is told to nobody", async () => {
  show(<AddTask view={{ ...DEFAULT_VIEW, status: "completed" }} showPending={vi.fn()} />);
  const answer = later<object>();
  api.create.mockReturnValueOnce(answer.promise);
  await user.type(field(), "Call Charles{Enter}");
  await waitFor(() => expect(api.create).toHaveBeenCalledOnce());
  who = grace;
  await act(async () => answer.give({}));
  expect(toast).not.toHaveBeenCalled();
});

test("tasks that met the end of the session are there after logging in again", async () => {
  const { rerender } = show(line);
  const fail = await add("Call Charles", "Buy milk");
  rerender(null);
  await fail(new NotSignedIn());
  await waitFor(() => expect(api.create).toHaveBeenCalledTimes(2));
  expect(toast).not.toHaveBeenCalled();
  rerender(line);
  expect(field().value).toBe("Call Charles");
  expect(messages()).toEqual([[expect.stringMatching(/^“Buy milk” is not added/), "Add again"]]);
});

test("what breaks a rule of the server stands in the line with what is wrong with it", async () => {
  const { rerender } = show(line);
  const fail = await add("Call Charles");
  const rule = { field: "title", message: "must not be about Charles", code: "rule" };
  rerender(null);
  await fail(new Problem(422, "invalid-input", "A field breaks a rule.", [rule]));
  await waitFor(() => expect(toast).toHaveBeenCalledOnce());
  rerender(line);
  await screen.findByText("The title must not be about Charles.");
  expect(field().value).toBe("Call Charles");
});

test("what stands in the line is there when the line comes back, and for nobody else", async () => {
  const { rerender } = show(line);
  await user.type(field(), "Call Charles");
  rerender(null);
  rerender(line);
  expect(field().value).toBe("Call Charles");
  rerender(null);
  who = { ...ada, id: "somebody else" };
  rerender(line);
  expect(field().value).toBe("");
});

test("a task is told to be added when it is saved, and the same one once more", async () => {
  show(line);
  const told: (string | null)[] = [];
  const status = screen.getByRole("status");
  new MutationObserver((changes) => {
    told.push(
      ...changes.flatMap((change) => [...change.addedNodes].map((node) => node.textContent)),
    );
  }).observe(status, { childList: true });
  for (const times of [1, 2]) {
    const answer = later<object>();
    api.create.mockReturnValueOnce(answer.promise);
    await user.type(field(), "Buy milk{Enter}");
    await waitFor(() => expect(api.create).toHaveBeenCalledTimes(times));
    expect(told).toHaveLength(times - 1);
    await act(async () => answer.give({}));
    await waitFor(() => expect(told).toEqual(Array(times).fill("“Buy milk” is added.")));
  }
});

test("a task added beside the filter is told of when it is saved, and not if it is not", async () => {
  show(<AddTask view={{ ...DEFAULT_VIEW, status: "completed" }} showPending={vi.fn()} />);
  const fail = await add("Call Charles");
  expect(toast).not.toHaveBeenCalled();
  await fail(new Unreachable(null));
  await waitFor(() => expect(field().value).toBe("Call Charles"));
  api.create.mockResolvedValue({});
  await user.type(field(), "{Enter}");
  await waitFor(() => expect(toast).toHaveBeenCalledTimes(2));
  expect(messages()).toEqual([
    [expect.stringMatching(/^“Call Charles” is not added/), undefined],
    ["Added to the pending tasks.", "Show"],
  ]);
});
