"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";

import { useSession } from "@/auth";
import type { SignedOutReason, User } from "@/auth/auth";
import { withdrawAll } from "@/ui/toast";
import { loginUrl } from "./return-path";

/** What only a user may see. Whoever is not signed in is led to log in, and back. */
export function SignedIn({
  children,
  waiting,
}: {
  readonly children: (user: User) => ReactNode;
  /** What is shown until it is known who it is. */
  readonly waiting: ReactNode;
}) {
  const session = useSession();
  if (session.status === "signed-in") return children(session.user);
  return (
    <>
      {waiting}
      {session.status === "signed-out" && <ToLogin reason={session.reason} />}
    </>
  );
}

function ToLogin({ reason }: { readonly reason: SignedOutReason }) {
  const router = useRouter();
  useEffect(() => {
    // Messages name what was the user's.
    withdrawAll();
    router.replace(loginUrl(reason, location.pathname + location.search));
  }, [router, reason]);
  return null;
}
