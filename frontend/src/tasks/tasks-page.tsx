"use client";

import { SignedIn } from "@/auth/guards/signed-in";
import { Dashboard } from "./dashboard";
import { DashboardSkeleton } from "./list-states";
import { TasksOf } from "./tasks-context";

/** The page of the user's tasks. */
export function TasksPage() {
  return (
    <SignedIn waiting={<TasksWaiting />}>
      {(user) => (
        <TasksOf user={user}>
          <Dashboard />
        </TasksOf>
      )}
    </SignedIn>
  );
}

function TasksWaiting() {
  return (
    <div className="grid grid-cols-1 gap-4">
      <h1 className="mt-4 font-semibold text-3xl tracking-tight">Tasks</h1>
      <DashboardSkeleton />
    </div>
  );
}
