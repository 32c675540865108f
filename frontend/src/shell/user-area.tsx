"use client";

import type { ReactNode } from "react";

import { useSession } from "@/auth";
import { ServerAway } from "@/auth/guards/server-away";
import { Shell } from "./shell";
import { UserQueries } from "./user-queries";

/** What surrounds the pages of a user, and keeps what they have loaded. */
export function UserArea({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  if (session.status === "unreachable") return <ServerAway error={session.error} />;
  const user = session.status === "signed-in" ? session.user : null;
  return (
    <Shell user={user}>
      <UserQueries key={user?.id}>{children}</UserQueries>
    </Shell>
  );
}
