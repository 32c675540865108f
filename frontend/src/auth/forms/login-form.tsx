"use client";

import { useEffect, useState } from "react";
import * as z from "zod/mini";

import { auth, type SignedOutReason } from "@/auth";
import { email, existingPassword } from "@/forms/fields";
import { Form } from "@/forms/form";
import { useApiForm } from "@/forms/use-api-form";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { PasswordField, TextField } from "@/ui/field";
import { TextLink } from "@/ui/text-link";

const schema = z.object({ email, password: existingPassword });

/** Why one has to log in, where that is not plain. */
const REASONS: Partial<Record<SignedOutReason | "reset", string>> = {
  left: "You are logged out.",
  expired: "Your session has ended. Log in to go on where you were.",
  deleted: "Your account and everything in it is deleted.",
  reset: "Your new password is set. Log in with it.",
};

/** Logs in. The page leads on once somebody is signed in. */
export function LoginForm() {
  const reason = useReason();
  const form = useApiForm({
    schema,
    defaults: { email: "", password: "" },
    submit: (values) => auth().logIn(values),
  });
  return (
    <Form form={form}>
      {!form.failure && reason && <Alert look="good">{reason}</Alert>}
      <TextField label="Email" type="email" autoComplete="username" {...form.field("email")} />
      <PasswordField label="Password" autoComplete="current-password" {...form.field("password")} />
      <p className="-mt-1 text-right text-sm">
        <TextLink href="/forgot-password">Forgot your password?</TextLink>
      </p>
      <Button type="submit" busy={form.isSubmitting}>
        Log in
      </Button>
    </Form>
  );
}

function useReason(): string | undefined {
  const [reason, setReason] = useState<string>();
  useEffect(() => {
    const named = new URLSearchParams(location.search).get("reason") ?? "";
    if (Object.hasOwn(REASONS, named)) setReason(REASONS[named as SignedOutReason]);
  }, []);
  return reason;
}
