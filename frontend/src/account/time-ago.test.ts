import { expect, test } from "vitest";

import { timeAgo } from "./time-ago";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test.each([
  ["2026-11-21T12:00:00Z", "just now"],
  ["2026-11-21T11:59:01Z", "just now"],
  ["2026-11-21T11:59:00Z", "1 minute ago"],
  ["2026-11-21T11:00:00.001Z", "59 minutes ago"],
  ["2026-11-21T09:00:00Z", "3 hours ago"],
  ["2026-11-20T11:00:00Z", "yesterday"],
  ["2026-11-18T12:00:00Z", "3 days ago"],
  ["2026-11-07T12:00:00Z", "2 weeks ago"],
  ["2026-09-01T12:00:00Z", "2 months ago"],
  ["2024-11-01T12:00:00Z", "2 years ago"],
])("%s is %s", (instant, words) => {
  expect(timeAgo(instant, NOW)).toBe(words);
});

test("a server whose clock runs ahead says no nonsense", () => {
  expect(timeAgo("2026-11-21T12:03:00Z", NOW)).toBe("just now");
});
