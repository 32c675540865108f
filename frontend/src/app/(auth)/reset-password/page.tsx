import type { Metadata } from "next";

import { ResetPasswordForm } from "@/auth/forms/reset-password-form";
import { Heading } from "@/ui/heading";

export const metadata: Metadata = { title: "Choose a new password" };

export default function ResetPasswordPage() {
  return (
    <>
      <Heading title="Choose a new password">You are logged out everywhere when it is set.</Heading>
      <ResetPasswordForm />
    </>
  );
}
