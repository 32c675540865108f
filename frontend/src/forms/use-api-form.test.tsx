// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod/mini";

import { Problem } from "@/api/problem";
import { later } from "@/testing/later";
import { TextField } from "@/ui/field";
import { Form } from "./form";
import { useApiForm } from "./use-api-form";

let answer: ReturnType<typeof later<void>>;

function LoginForm() {
  const form = useApiForm({
    schema: z.object({ email: z.string() }),
    defaults: { email: "" },
    submit: () => answer.promise,
  });
  return (
    <Form form={form}>
      <TextField label="Email" {...form.field("email")} />
      <button type="submit">Log in</button>
    </Form>
  );
}

beforeEach(async () => {
  answer = later<void>();
  render(
    <>
      <LoginForm />
      <input aria-label="Search" />
    </>,
  );
  await userEvent.click(screen.getByRole("button"));
});
afterEach(cleanup);

/** Lets the server answer that the email is to blame. */
async function refuse(): Promise<void> {
  const fault = { field: "email", code: "invalid", message: "is nobody's" };
  await act(async () => answer.fail(new Problem(400, "invalid-input", "Look again.", [fault])));
  await screen.findByText("Email is nobody's.");
}

test("the field that is to blame gets the focus", async () => {
  await refuse();
  expect(document.activeElement).toBe(screen.getByLabelText("Email"));
});

test("a refusal takes the focus from nobody who has gone on to another field", async () => {
  await userEvent.click(screen.getByLabelText("Search"));
  await refuse();
  expect(document.activeElement).toBe(screen.getByLabelText("Search"));
});
