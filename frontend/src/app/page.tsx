"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

import { useSession } from "@/auth";
import { HOME } from "@/auth/guards/return-path";
import { ServerAway } from "@/auth/guards/server-away";
import { Logo } from "@/ui/logo";

/** Leads users to their tasks, and everybody else to log in. */
export default function RootPage() {
  const router = useRouter();
  const session = useSession();
  const { status } = session;
  useEffect(() => {
    if (status === "signed-in") router.replace(HOME);
    if (status === "signed-out") router.replace("/login");
  }, [router, status]);
  if (session.status === "unreachable") return <ServerAway error={session.error} />;
  return (
    <main className="grid min-h-dvh place-items-center">
      <h1>
        <Logo />
      </h1>
    </main>
  );
}
