"use client";

import Link from "next/link";
import type { ReactNode } from "react";

import type { User } from "@/auth";
import { HOME } from "@/auth/guards/return-path";
import { Logo } from "@/ui/logo";
import { AccountMenu } from "./account-menu";

/** What surrounds the pages of a user: the way home, and the account's menu. */
export function Shell({
  user,
  children,
}: {
  /** Null until it is known who it is. */
  readonly user: User | null;
  readonly children: ReactNode;
}) {
  return (
    <div className="mx-auto w-full max-w-2xl px-4 pb-24">
      <header className="flex items-center justify-between py-4">
        <Link href={HOME} className="-ml-1 rounded-xl p-1">
          <Logo />
        </Link>
        {user ? (
          <AccountMenu user={user} />
        ) : (
          <span className="size-11 animate-pulse rounded-full bg-sunken" />
        )}
      </header>
      <main>{children}</main>
    </div>
  );
}
