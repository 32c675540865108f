"use client";

import { useSyncExternalStore } from "react";

/** A value that belongs to no component, and that those who show it follow. */
export interface Store<Value> {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  /** The value, in a component. */
  readonly useValue: () => Value;
}

/** Begins with `initial`, which is also what prerendered pages show; `read` finds what a browser has. */
export function store<Value>(initial: Value, read: () => Value = () => initial): Store<Value> {
  let held: { readonly value: Value } | null = null;
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const get = () => {
    held ??= { value: read() };
    return held.value;
  };
  return {
    get,
    set(value) {
      held = { value };
      for (const listener of listeners) listener();
    },
    useValue: () => useSyncExternalStore(subscribe, get, () => initial),
  };
}
