"use client";

import { useCallback } from "react";

import { type Store, store } from "@/ui/store";
import { useTasks } from "./tasks-context";

/**
 * What is held for each user: it outlives the page that shows it, a visit to another one and the end of
 * a session, and nobody else sees or changes it.
 */
interface ByUser<Value> {
  readonly initial: Value;
  readonly held: Store<ReadonlyMap<string, Value>>;
}

export function byUser<Value>(initial: Value): ByUser<Value> {
  return { initial, held: store<ReadonlyMap<string, Value>>(new Map()) };
}

/** What is held for the user, and how to change some of it. */
export function useMine<Value extends object>({ initial, held }: ByUser<Value>) {
  const { user } = useTasks();
  const change = useCallback(
    (step: (mine: Value) => Partial<Value>) => {
      const before = held.get().get(user.id) ?? initial;
      held.set(new Map(held.get()).set(user.id, { ...before, ...step(before) }));
    },
    [user.id, initial, held],
  );
  return [held.useValue().get(user.id) ?? initial, change] as const;
}
