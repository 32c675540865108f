"use client";

import { SignedIn } from "@/auth/guards/signed-in";
import { Dashboard } from "./dashboard";
import { ListSkeleton } from "./list-states";
import { TasksOf } from "./tasks-context";

/** The page of the user's tasks. */
export function TasksPage() {
  return (
    <SignedIn waiting={<Waiting />}>
      {(user) => (
        <TasksOf user={user}>
          <Dashboard />
        </TasksOf>
      )}
    </SignedIn>
  );
}

function Waiting() {
  return (
    <div className="grid grid-cols-1 gap-4">
      <h1 className="mt-4 font-semibold text-3xl tracking-tight">Tasks</h1>
      <div className="h-14 animate-pulse rounded-2xl bg-sunken" />
      <div className="h-12" />
      <ListSkeleton />
    </div>
  );
}
