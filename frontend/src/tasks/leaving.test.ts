// @vitest-environment jsdom
import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";

import { later } from "@/testing/later";
import { deleteTask } from "./changes";
import { saveChanges } from "./leaving";
import { placeholder } from "./task";
import type { TaskApi } from "./task-api";

const session = vi.hoisted(() => ({ state: {} }));
vi.mock("@/auth", () => ({ auth: () => session }));

afterEach(() => {
  vi.useRealTimers();
});

/** Begins a change, and another one of the same task; the answer lets them end. */
function beginTwo(): () => void {
  const answer = later<void>();
  const api = { delete: () => answer.promise } as Partial<TaskApi> as TaskApi;
  const client = new QueryClient({ defaultOptions: { mutations: { networkMode: "always" } } });
  const change = { task: { ...placeholder("Buy milk", "ada"), id: 1 }, fields: null };
  for (let i = 0; i < 2; i++) void deleteTask(client, api, change);
  return () => answer.give();
}

/** Whether the page may go without a question. */
function mayLeave(): boolean {
  return window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

test("who leaves is asked while a change has not even been sent", async () => {
  session.state = { status: "signed-in", user: { id: "ada" } };
  expect(mayLeave()).toBe(true);
  const end = beginTwo();
  expect(mayLeave()).toBe(false);
  // Nobody can send it any more then.
  session.state = { status: "signed-out", reason: "left" };
  expect(mayLeave()).toBe(true);
  session.state = { status: "signed-in", user: { id: "ada" } };
  end();
  await saveChanges();
  expect(mayLeave()).toBe(true);
});

test("who logs out waits for what is being saved, but not for ever", async () => {
  vi.useFakeTimers();
  const end = beginTwo();
  const saved = vi.fn();
  void saveChanges().then(saved);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(saved).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(100);
  expect(saved).toHaveBeenCalledOnce();
  end();
});
