import { QueryClient } from "@tanstack/react-query";
import { describe, expect, test } from "vitest";

import {
  keys,
  loadedTask,
  narrowed,
  recount,
  replaceInPages,
  replaceTask,
  type TaskPages,
} from "./cache";
import type { Task } from "./task";
import type { TaskPage } from "./task-api";
import { compare, DEFAULT_VIEW, type View } from "./view";

/** A task that was made in the minute of its id. */
function task(id: number, title = `Task ${id}`, completed = false): Task {
  const at = `2026-11-21T10:${String(id).padStart(2, "0")}:00.000000Z`;
  return {
    id,
    user_id: "ada",
    title,
    description: null,
    completed,
    created_at: at,
    updated_at: at,
  };
}

/** Pages, after which comes another one if there is `next`. */
function pages(next: string | null, ...lists: Task[][]): TaskPage[] {
  const last = lists.length - 1;
  return lists.map((tasks, index) => ({ tasks, next: index < last ? `page ${index + 1}` : next }));
}

/** Those pages as they are kept. */
function kept(pages: readonly TaskPage[]): TaskPages {
  return {
    pages: [...pages],
    pageParams: pages.map((_, index) => (index === 0 ? null : `page ${index}`)),
  };
}

const titles = (pages: readonly TaskPage[]) =>
  pages.map((page) => page.tasks.map(({ title }) => title));

const pending: View = { ...DEFAULT_VIEW, status: "pending" };
const byTitle: View = { ...DEFAULT_VIEW, sort: "title", order: "asc" };

describe("a list", () => {
  test("shows a new task where its order wants it", () => {
    const newest = replaceInPages(DEFAULT_VIEW, pages(null, [task(2), task(1)]), null, task(3));
    expect(titles(newest)).toEqual([["Task 3", "Task 2", "Task 1"]]);
    const alphabetical = pages(null, [task(1, "apple"), task(2, "Cherry")]);
    expect(titles(replaceInPages(byTitle, alphabetical, null, task(3, "Banana")))).toEqual([
      ["apple", "Banana", "Cherry"],
    ]);
  });

  test("leaves out a new task that stands beyond what is loaded", () => {
    const loaded = pages("more", [task(1, "Apple")]);
    expect(titles(replaceInPages(byTitle, loaded, null, task(2, "Zebra")))).toEqual([["Apple"]]);
    const whole = pages(null, [task(1, "Apple")]);
    expect(titles(replaceInPages(byTitle, whole, null, task(2, "Zebra")))).toEqual([
      ["Apple", "Zebra"],
    ]);
  });

  test("lets a task go that it does not show any more", () => {
    const done = task(1, "Task 1", true);
    expect(titles(replaceInPages(pending, pages(null, [task(2), task(1)]), task(1), done))).toEqual(
      [["Task 2"]],
    );
  });

  test("moves a task whose title has changed, across pages", () => {
    const loaded = pages(null, [task(1, "Apple"), task(2, "Banana")], [task(3, "Cherry")]);
    const renamed = task(1, "Date");
    expect(titles(replaceInPages(byTitle, loaded, task(1, "Apple"), renamed))).toEqual([
      ["Banana"],
      ["Cherry", "Date"],
    ]);
  });
});

test("a change that is taken back leaves every list and the counts as they were", () => {
  const client = new QueryClient();
  const lists = [DEFAULT_VIEW, pending, byTitle];
  for (const view of lists) {
    const all = [task(2), task(1)].sort((a, b) => compare(view, a, b));
    client.setQueryData(keys.list(view), kept(pages(null, all)));
  }
  client.setQueryData(keys.counts, { all: 2, pending: 2, completed: 0 });
  const before = JSON.stringify(client.getQueriesData({ queryKey: keys.all }));

  const changes: [Task | null, Task | null][] = [
    [task(1), task(1, "Task 1", true)],
    [null, task(3)],
    [task(2), null],
  ];
  for (const [from, to] of changes) replaceTask(client, from, to);
  expect(client.getQueryData(keys.counts)).toEqual({ all: 2, pending: 1, completed: 1 });
  for (const [from, to] of changes.toReversed()) replaceTask(client, to, from);

  const after = client.getQueriesData({ queryKey: keys.all });
  expect(JSON.stringify(after)).toBe(before);
});

test("another view comes out of a list that holds every task, and out of no other", () => {
  const done = task(1, "Task 1", true);
  expect(narrowed(pending, kept(pages("more", [task(2), done])))).toBeUndefined();
  const whole = narrowed(pending, kept(pages(null, [task(2)], [done])));
  expect(whole && titles(whole.pages)).toEqual([["Task 2"]]);
});

test("a change is written down in every copy, and leaves old lists as old as they were", () => {
  const client = new QueryClient();
  const key = keys.list(byTitle);
  client.setQueryData(key, kept(pages(null, [task(1)])), { updatedAt: 1 });
  replaceTask(client, task(1), task(1, "Renamed"));
  expect(client.getQueryData<TaskPages>(key)?.pages[0]?.tasks[0]?.title).toBe("Renamed");
  expect(client.getQueryState(key)?.dataUpdatedAt).toBe(1);
});

test("of several copies of a task the newest counts", () => {
  const client = new QueryClient();
  const renamed = { ...task(1, "Renamed"), updated_at: "2026-11-21T11:00:00.000000Z" };
  client.setQueryData(keys.list(DEFAULT_VIEW), kept(pages(null, [task(1)])));
  client.setQueryData(keys.list(byTitle), kept(pages(null, [renamed])));
  expect(loadedTask(client, 1)).toEqual(renamed);
  expect(loadedTask(client, 2)).toBeUndefined();
});

test("counts follow a task from pending to completed and away", () => {
  const counts = { all: 3, pending: 2, completed: 1 };
  const done = task(1, "Task 1", true);
  expect(recount(counts, task(1), done)).toEqual({ all: 3, pending: 1, completed: 2 });
  expect(recount(counts, done, null)).toEqual({ all: 2, pending: 2, completed: 0 });
});
