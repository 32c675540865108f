"use client";

import { SignedIn } from "@/auth/guards/signed-in";
import { Shell } from "@/shell/shell";
import { UserQueries } from "@/shell/user-queries";
import { Dashboard } from "./dashboard";
import { ListSkeleton } from "./list-states";
import { TasksOf } from "./tasks-context";

/** The page of the user's tasks. */
export function TasksPage() {
  return (
    <SignedIn waiting={<Waiting />}>
      {(user) => (
        <Shell user={user}>
          <UserQueries key={user.id}>
            <TasksOf user={user}>
              <Dashboard />
            </TasksOf>
          </UserQueries>
        </Shell>
      )}
    </SignedIn>
  );
}

function Waiting() {
  return (
    <Shell user={null}>
      <div className="grid grid-cols-1 gap-4">
        <h1 className="mt-4 font-semibold text-3xl tracking-tight">Tasks</h1>
        <div className="h-14 animate-pulse rounded-2xl bg-sunken" />
        <div className="h-12" />
        <ListSkeleton />
      </div>
    </Shell>
  );
}
