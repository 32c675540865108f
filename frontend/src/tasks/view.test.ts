import { expect, test } from "vitest";

import { nextCursor } from "./task-api";
import { addressOf, DEFAULT_VIEW, type View, viewOf } from "./view";

test.each<[string, View]>([
  ["/tasks", DEFAULT_VIEW],
  ["/tasks?status=pending", { ...DEFAULT_VIEW, status: "pending" }],
  [
    "/tasks?status=completed&sort=title&order=desc",
    { status: "completed", sort: "title", order: "desc" },
  ],
])("the address %s says what is shown", (address, view) => {
  expect(addressOf(view)).toBe(address);
  expect(viewOf(new URL(address, "http://todo.test").searchParams)).toEqual(view);
});

test.each([
  "status=everything",
  "sort=title",
  "sort=created&order=sideways",
  "status=constructor&sort=toString&order=asc",
])("an address that says nothing that can be shown (%s) shows what is usual", (query) => {
  expect(viewOf(new URLSearchParams(query))).toEqual(DEFAULT_VIEW);
});

test.each([
  ['</api/v1/tasks?limit=50&cursor=ab%2Bc>; rel="next"', "ab+c"],
  ["<https://todo.test/api/v1/tasks?cursor=x>; rel=next", "x"],
  ['</first>; rel="prev", </api/v1/tasks?cursor=y>; title="more"; rel="next"', "y"],
  ['</api/v1/tasks?cursor=x>; rel="prev"', null],
  [null, null],
])("of the header Link: %s the cursor is %s", (link, cursor) => {
  expect(nextCursor(link)).toBe(cursor);
});
