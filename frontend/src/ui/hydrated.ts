"use client";

import { useSyncExternalStore } from "react";

const subscribe = () => () => {};

/** Whether the page is alive: false in its HTML and until React has taken that over. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  );
}
