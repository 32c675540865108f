import { expect, test } from "vitest";

import { loginUrl, returnPath } from "./return-path";

test.each(["/tasks", "/tasks?status=pending", "/account"])("one may come back to %s", (path) => {
  expect(returnPath(path)).toBe(path);
});

test.each([null, "", "//evil.test", "https://evil.test/tasks", "/docs", "javascript:alert(1)"])(
  "an address that says %s leads to the tasks",
  (next) => expect(returnPath(next)).toBe("/tasks"),
);

test("whoever's session has ended comes back to where they were", () => {
  const url = new URL(loginUrl("expired", "/tasks?status=pending"), "http://todo.test");
  expect(returnPath(url.searchParams.get("next"))).toBe("/tasks?status=pending");
});

test("whoever leaves leaves nothing behind for the next one", () => {
  expect(loginUrl("left", "/account")).toBe("/login?reason=left");
});
