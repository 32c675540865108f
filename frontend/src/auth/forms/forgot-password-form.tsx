"use client";

import { useState } from "react";
import * as z from "zod/mini";

import { auth } from "@/auth";
import { email } from "@/forms/fields";
import { Form } from "@/forms/form";
import { useApiForm } from "@/forms/use-api-form";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";

const schema = z.object({ email });

/** Asks for the link. Whether there is such an account is told to nobody. */
export function ForgotPasswordForm() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useApiForm({
    schema,
    defaults: { email: "" },
    async submit({ email }) {
      await auth().forgotPassword(email);
      setSentTo(email.trim());
    },
  });
  if (sentTo !== null) {
    return (
      <Alert look="good">
        If there is an account for <strong className="break-words">{sentTo}</strong>, a mail is on
        its way to it. Look among your spam if it does not come.
      </Alert>
    );
  }
  return (
    <Form form={form}>
      <TextField label="Email" type="email" autoComplete="username" {...form.field("email")} />
      <Button type="submit" busy={form.isSubmitting}>
        Send the link
      </Button>
    </Form>
  );
}
