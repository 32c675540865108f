import type { Metadata } from "next";

import { SignUpForm } from "@/auth/forms/sign-up-form";
import { SignedOut } from "@/auth/guards/signed-out";
import { Heading } from "@/ui/heading";
import { TextLink } from "@/ui/text-link";

export const metadata: Metadata = { title: "Sign up" };

export default function SignUpPage() {
  return (
    <SignedOut>
      <Heading title="Make your list">
        An account takes a minute. Nobody else sees your tasks.
      </Heading>
      <SignUpForm />
      <p className="text-center text-muted text-sm">
        Have an account? <TextLink href="/login">Log in</TextLink>
      </p>
    </SignedOut>
  );
}
