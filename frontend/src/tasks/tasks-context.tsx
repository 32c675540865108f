"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";

import { auth, type User } from "@/auth";
import { type TaskApi, taskApi } from "./task-api";

interface Tasks {
  readonly api: TaskApi;
  readonly user: User;
}

const Context = createContext<Tasks | null>(null);

/** Whose tasks everything below is about. */
export function TasksOf({ user, children }: { readonly user: User; readonly children: ReactNode }) {
  const scope = auth().taskScope(user);
  const tasks = useMemo(
    () => ({ api: taskApi(auth().tokensOf(user), scope), user }),
    [scope, user],
  );
  return <Context value={tasks}>{children}</Context>;
}

/** The user's tasks. */
export function useTasks(): Tasks {
  const tasks = useContext(Context);
  if (!tasks) throw new Error("useTasks needs TasksOf around it");
  return tasks;
}
