import { describe, expect, test } from "vitest";
import { milk } from "@/testing/tasks";
import { tasksOf } from "./cache";
import { type Change, countsWith, pagesWith } from "./overlay";
import { placeholder, type Task } from "./task";
import { DEFAULT_VIEW, type View } from "./view";

const done = { ...milk, completed: true };

const pending: View = { ...DEFAULT_VIEW, status: "pending" };
const completed: View = { ...DEFAULT_VIEW, status: "completed" };
const byTitle: View = { ...DEFAULT_VIEW, sort: "title", order: "asc" };

/** What is shown of a list that has been loaded to its end; milk may be in another one alone. */
function shown(view: View, told: Task[], ...changes: Change[]): Task[] {
  const known = (id: number) => [...told, milk].find((task) => task.id === id);
  return tasksOf(pagesWith(changes, view, [{ tasks: told, next: null }], known));
}

const complete = { task: milk, fields: { completed: true } };
const reopen = { task: done, fields: { completed: false } };
const remove = { task: milk, fields: null };

describe("a list", () => {
  test("shows the last of several changes of a task", () => {
    expect(shown(DEFAULT_VIEW, [milk], complete)).toEqual([done]);
    expect(shown(DEFAULT_VIEW, [milk], complete, reopen)).toEqual([milk]);
    expect(shown(DEFAULT_VIEW, [milk], complete, remove)).toEqual([]);
  });

  test("leaves out what is to go, whatever else is changed of it", () => {
    expect(shown(DEFAULT_VIEW, [milk], remove, reopen)).toEqual([]);
  });

  test("shows nothing of a change that has come to nothing", () => {
    // What was edited was shown as completed, by a change that has failed since.
    const edit = { task: done, fields: { title: "Buy oat milk" } };
    expect(shown(completed, [], edit)).toEqual([]);
  });

  test("shows a change where its filter wants it, and nowhere else", () => {
    expect(shown(pending, [milk], complete)).toEqual([]);
    expect(shown(completed, [], complete)).toEqual([done]);
  });

  test("keeps what the server has told of the other fields", () => {
    const renamed = { ...milk, title: "Buy oat milk" };
    expect(shown(DEFAULT_VIEW, [renamed], complete)).toEqual([{ ...renamed, completed: true }]);
  });

  test("shows tasks that are being made in the order in which they were written down", () => {
    const [first, second] = [placeholder("Buy milk", "ada"), placeholder("Buy milk", "ada")];
    const changes = [first, second].map((task) => ({ task, fields: {} }));
    // Whatever the clock here says.
    const later = { ...milk, created_at: "2999-01-01T00:00:00.000000Z" };
    expect(shown(DEFAULT_VIEW, [later], ...changes)).toEqual([second, first, later]);
    expect(shown(byTitle, [later], ...changes)).toEqual([later, first, second]);
    expect(shown(completed, [], ...changes)).toEqual([]);
  });
});

describe("the counts", () => {
  const counts = { all: 3, pending: 2, completed: 1 };
  const known = (id: number) => (id === milk.id ? milk : undefined);

  test("follow a task through all its changes", () => {
    expect(countsWith([complete], counts, known)).toEqual({ all: 3, pending: 1, completed: 2 });
    expect(countsWith([complete, reopen], counts, known)).toEqual(counts);
    const rest = { all: 2, pending: 1, completed: 1 };
    expect(countsWith([complete, remove], counts, known)).toEqual(rest);
    expect(countsWith([remove, reopen], counts, known)).toEqual(rest);
  });

  test("hold a task that is being made", () => {
    const change = { task: placeholder("Call Charles", "ada"), fields: {} };
    expect(countsWith([change], counts, known)).toEqual({ all: 4, pending: 3, completed: 1 });
  });

  test("are not changed by what the server has counted already", () => {
    expect(countsWith([complete], counts, () => done)).toEqual(counts);
    expect(countsWith([remove], counts, () => undefined)).toEqual(counts);
  });
});
