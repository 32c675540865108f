// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { later } from "@/testing/later";
import { PasswordCard } from "./password-card";

const auth = vi.hoisted(() => ({ changePassword: vi.fn() }));
vi.mock("@/auth", () => ({ auth: () => auth }));

let changed: ReturnType<typeof later<void>>;
beforeEach(async () => {
  changed = later<void>();
  auth.changePassword.mockReturnValue(changed.promise);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <PasswordCard user={{ id: "ada", email: "ada@example.com", name: "Ada" }} />
    </QueryClientProvider>,
  );
  await userEvent.type(field("Current password"), "the old one");
  await userEvent.type(field("New password"), "the new one{Enter}");
});
afterEach(cleanup);

function field(label: string) {
  return screen.getByLabelText<HTMLInputElement>(label);
}

test("once the password is changed, the fields hold neither", async () => {
  await act(async () => changed.give());
  await screen.findByText(/^Your new password is set/);
  expect(field("Current password").value).toBe("");
  expect(field("New password").value).toBe("");
});

test("what is typed while the password is being changed stays", async () => {
  await userEvent.type(field("New password"), ", but better");
  await act(async () => changed.give());
  await screen.findByText(/^Your new password is set/);
  expect(field("Current password").value).toBe("");
  expect(field("New password").value).toBe("the new one, but better");
});
