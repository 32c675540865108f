// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { later } from "@/testing/later";
import { NameCard } from "./name-card";

const auth = vi.hoisted(() => ({ updateName: vi.fn() }));
vi.mock("@/auth", () => ({ auth: () => auth }));

let saved: ReturnType<typeof later<void>>;
let field: HTMLInputElement;
beforeEach(async () => {
  saved = later<void>();
  auth.updateName.mockReturnValue(saved.promise);
  render(<NameCard user={{ id: "ada", email: "ada@example.com", name: "Ada" }} />);
  field = screen.getByLabelText("Name");
  await userEvent.type(field, " Lovelace {Enter}");
});
afterEach(cleanup);

test("a name that is saved is shown as it was kept", async () => {
  await act(async () => saved.give());
  expect(auth.updateName).toHaveBeenCalledWith("Ada Lovelace");
  expect(field.value).toBe("Ada Lovelace");
});

test("what is typed while a name is being saved stays", async () => {
  await userEvent.type(field, "the first");
  await act(async () => saved.give());
  expect(field.value).toBe("Ada Lovelace the first");
});
