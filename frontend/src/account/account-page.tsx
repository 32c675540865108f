"use client";

import { SignedIn } from "@/auth/guards/signed-in";
import { Heading } from "@/ui/heading";
import { Waiting } from "@/ui/waiting";
import { DataCard } from "./data-card";
import { DeleteCard } from "./delete-card";
import { NameCard } from "./name-card";
import { PasswordCard } from "./password-card";
import { SessionsCard } from "./sessions-card";

/** All that a user can do about their own account. */
export function AccountPage() {
  return (
    <SignedIn waiting={<AccountWaiting />}>
      {(user) => (
        <div className="grid gap-5 pt-2">
          <Heading title="Account">
            You are signed in as{" "}
            <strong className="wrap-anywhere font-medium text-ink">{user.email}</strong>.
          </Heading>
          <NameCard user={user} />
          <PasswordCard user={user} />
          <SessionsCard />
          <DataCard user={user} />
          <DeleteCard />
        </div>
      )}
    </SignedIn>
  );
}

function AccountWaiting() {
  return (
    <div className="grid gap-5 pt-2">
      <Heading title="Account" />
      <Waiting what="Your account is loading.">
        <div className="grid gap-5">
          <span className="h-44 rounded-3xl bg-sunken" />
          <span className="h-80 rounded-3xl bg-sunken" />
          <span className="h-60 rounded-3xl bg-sunken" />
        </div>
      </Waiting>
    </div>
  );
}
