// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { OpenSession } from "@/auth";
import { later } from "@/testing/later";
import { SessionsCard } from "./sessions-card";

const auth = vi.hoisted(() => ({ sessions: vi.fn(), endSession: vi.fn() }));
vi.mock("@/auth", () => ({ auth: () => auth }));

function session(id: string): OpenSession {
  const at = "2026-11-21T10:00:00.000000Z";
  const instants = { createdAt: at, lastUsedAt: at };
  return { id, userAgent: null, ip: null, current: id === "here", ...instants };
}

let answer: ReturnType<typeof later<void>>;
beforeEach(async () => {
  answer = later<void>();
  auth.sessions.mockResolvedValue(["here", "there", "elsewhere"].map(session));
  auth.endSession.mockReturnValue(answer.promise);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SessionsCard />
      <input aria-label="Current password" />
    </QueryClientProvider>,
  );
  await userEvent.click((await signOutButtons())[0] ?? document.body);
});
afterEach(cleanup);

function signOutButtons() {
  return screen.findAllByRole("button", { name: /^Sign out there/ });
}

/** Lets the server answer that the session has ended, and waits until it has left the list. */
async function end(): Promise<void> {
  await act(async () => answer.give());
  await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(2));
  // Whatever is yet to be done about the focus is done then.
  await new Promise((resolve) => requestAnimationFrame(resolve));
}

test("the focus goes to the list when the button that had it leaves", async () => {
  await end();
  expect(document.activeElement).toBe(screen.getByRole("list"));
});

test.each([
  ["a field", async () => screen.getByLabelText("Current password")],
  ["another button of the list", async () => (await signOutButtons())[1]],
])("an answer that comes late leaves the focus with %s", async (_where, find) => {
  const element = await find();
  element?.focus();
  await end();
  expect(document.activeElement).toBe(element);
});
