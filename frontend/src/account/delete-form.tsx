"use client";

import * as z from "zod/mini";

import { auth } from "@/auth";
import { existingPassword } from "@/forms/fields";
import { Form } from "@/forms/form";
import { useApiForm } from "@/forms/use-api-form";
import { Button } from "@/ui/button";
import { PasswordField } from "@/ui/field";

const schema = z.object({ password: existingPassword });

/** Asks for the password, and deletes the account. The page leads on once that is done. */
export function DeleteForm({ onCancel }: { readonly onCancel: () => void }) {
  const form = useApiForm({
    schema,
    defaults: { password: "" },
    submit: ({ password }) => auth().deleteAccount(password),
  });
  return (
    <Form form={form}>
      <PasswordField
        label="Password"
        autoComplete="current-password"
        hint="To be sure that it is you."
        {...form.field("password")}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onCancel}>
          Keep the account
        </Button>
        <Button type="submit" look="danger" busy={form.isSubmitting}>
          Delete everything
        </Button>
      </div>
    </Form>
  );
}
