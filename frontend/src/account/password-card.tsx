"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import * as z from "zod/mini";

import { auth, type User } from "@/auth";
import { existingPassword, password } from "@/forms/fields";
import { Form } from "@/forms/form";
import { StrengthMeter } from "@/forms/strength-meter";
import { useApiForm } from "@/forms/use-api-form";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { PasswordField } from "@/ui/field";
import { Card } from "./card";
import { SESSIONS } from "./sessions";

const schema = z.object({ current_password: existingPassword, new_password: password });
const FIELDS = ["current_password", "new_password"] as const;

/** Sets a new password. */
export function PasswordCard({ user }: { readonly user: User }) {
  const queries = useQueryClient();
  const [isChanged, setChanged] = useState(false);
  const form = useApiForm({
    schema,
    defaults: { current_password: "", new_password: "" },
    async submit(sent) {
      setChanged(false);
      await auth().changePassword(sent.current_password, sent.new_password);
      // What has been typed since then stays.
      for (const field of FIELDS) {
        if (form.getValues(field) === sent[field]) form.resetField(field);
      }
      setChanged(true);
      void queries.invalidateQueries({ queryKey: SESSIONS });
    },
  });
  return (
    <Card
      title="Your password"
      description="A new password logs you out everywhere else. You stay logged in here."
    >
      <Form form={form}>
        {isChanged && (
          <Alert look="good">
            Your new password is set. You are logged out everywhere but in this browser.
          </Alert>
        )}
        {/* Tells password managers whose password it is. */}
        <input type="text" autoComplete="username" value={user.email} readOnly hidden />
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          {...form.field("current_password")}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          hint={
            <StrengthMeter
              password={form.watch("new_password")}
              known={[user.email, user.name ?? ""]}
            />
          }
          {...form.field("new_password")}
        />
        <Button type="submit" busy={form.isSubmitting} className="justify-self-start">
          Change the password
        </Button>
      </Form>
    </Card>
  );
}
