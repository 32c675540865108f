"use client";

import * as z from "zod/mini";

import { auth } from "@/auth";
import { email, name, password } from "@/forms/fields";
import { Form } from "@/forms/form";
import { StrengthMeter } from "@/forms/strength-meter";
import { useApiForm } from "@/forms/use-api-form";
import { Button } from "@/ui/button";
import { PasswordField, TextField } from "@/ui/field";

const schema = z.object({ name, email, password });

/** Makes an account. The page leads on once it is there. */
export function SignUpForm() {
  const form = useApiForm({
    schema,
    defaults: { name: "", email: "", password: "" },
    submit: (values) => auth().signUp(values),
  });
  const typed = form.watch();
  return (
    <Form form={form}>
      <TextField
        label="Name"
        autoComplete="name"
        hint="Optional: what to call you."
        {...form.field("name")}
      />
      <TextField label="Email" type="email" autoComplete="username" {...form.field("email")} />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        hint={<StrengthMeter password={typed.password} known={[typed.email, typed.name]} />}
        {...form.field("password")}
      />
      <Button type="submit" busy={form.isSubmitting}>
        Sign up
      </Button>
    </Form>
  );
}
