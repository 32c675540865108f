"use client";

import { useSyncExternalStore } from "react";

import { WayIn } from "@/auth/way-in";
import type { Auth, SessionState } from "./auth";
import { browserTabs } from "./tabs";

export type * from "./auth";

let chosen: Auth | undefined;

/** The way into the app that it was built for. For effects and event handlers: it needs a browser. */
export function auth(): Auth {
  if (!chosen) {
    chosen = new WayIn(browserTabs());
    void chosen.restore();
  }
  return chosen;
}

const RESTORING: SessionState = { status: "restoring" };

/** What is known of the user, as it changes. */
export function useSession(): SessionState {
  return useSyncExternalStore(
    (listener) => auth().subscribe(listener),
    () => auth().state,
    () => RESTORING,
  );
}
