"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";

import { useSession } from "@/auth";
import { returnPath } from "./return-path";

/** What is for those who are not signed in; users are led on to where they wanted to go. */
export function SignedOut({ children }: { readonly children: ReactNode }) {
  const router = useRouter();
  const isSignedIn = useSession().status === "signed-in";
  useEffect(() => {
    if (isSignedIn) router.replace(returnPath(new URLSearchParams(location.search).get("next")));
  }, [router, isSignedIn]);
  return children;
}
