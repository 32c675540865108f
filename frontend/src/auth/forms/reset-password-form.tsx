"use client";

import { useRouter } from "next/navigation";
import * as z from "zod/mini";

import { auth } from "@/auth";
import { password } from "@/forms/fields";
import { Form } from "@/forms/form";
import { StrengthMeter } from "@/forms/strength-meter";
import { useApiForm } from "@/forms/use-api-form";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { PasswordField } from "@/ui/field";
import { TextLink } from "@/ui/text-link";
import { useResetToken } from "./reset-token";

const schema = z.object({ new_password: password });

/** Sets a new password with the token of the link that led here. */
export function ResetPasswordForm() {
  const router = useRouter();
  const token = useResetToken();
  const form = useApiForm({
    schema,
    defaults: { new_password: "" },
    async submit({ new_password }) {
      await auth().resetPassword(token ?? "", new_password);
      router.replace("/login?reason=reset");
    },
  });
  if (token === null) {
    return (
      <Alert>
        This address holds no link from a mail.{" "}
        <TextLink href="/forgot-password">Ask for one</TextLink>
      </Alert>
    );
  }
  return (
    <Form form={form} help={<TextLink href="/forgot-password">Ask for a new link</TextLink>}>
      <PasswordField
        label="New password"
        autoComplete="new-password"
        hint={<StrengthMeter password={form.watch("new_password")} known={[]} />}
        {...form.field("new_password")}
      />
      <Button type="submit" busy={form.isSubmitting}>
        Set the password
      </Button>
    </Form>
  );
}
