import type { Metadata } from "next";

import { ForgotPasswordForm } from "@/auth/forms/forgot-password-form";
import { Heading } from "@/ui/heading";
import { TextLink } from "@/ui/text-link";

export const metadata: Metadata = { title: "Forgot password" };

export default function ForgotPasswordPage() {
  return (
    <>
      <Heading title="Forgot your password?">
        We send you a link to choose a new one. It holds for an hour.
      </Heading>
      <ForgotPasswordForm />
      <p className="text-center text-sm">
        <TextLink href="/login">Back to log in</TextLink>
      </p>
    </>
  );
}
