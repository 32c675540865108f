import type { Metadata } from "next";
import { LoginForm } from "@/auth/forms/login-form";
import { SignedOut } from "@/auth/guards/signed-out";
import { Heading } from "@/ui/heading";
import { TextLink } from "@/ui/text-link";

export const metadata: Metadata = { title: "Log in" };

export default function LoginPage() {
  return (
    <SignedOut>
      <Heading title="Welcome back" />
      <LoginForm />
      <p className="text-center text-muted text-sm">
        New here? <TextLink href="/signup">Sign up</TextLink>
      </p>
    </SignedOut>
  );
}
