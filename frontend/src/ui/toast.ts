"use client";

import { useSyncExternalStore } from "react";

/** A message that goes away by itself. */
export interface Message {
  readonly id: number;
  readonly text: string;
  readonly look: "plain" | "danger";
  /** What can be done about it, and until when the message stays, in milliseconds. */
  readonly action: { readonly label: string; readonly run: () => void } | undefined;
  readonly duration: number;
}

const DURATION = 6_000;

let messages: readonly Message[] = [];
let lastId = 0;
const NONE: readonly Message[] = [];
const listeners = new Set<() => void>();

function replace(next: readonly Message[]) {
  messages = next;
  for (const listener of listeners) listener();
}

/** Shows a message; the answer takes it away. */
export function toast(
  text: string,
  options: Partial<Pick<Message, "look" | "action" | "duration">> = {},
): () => void {
  lastId += 1;
  const id = lastId;
  const { look = "plain", action, duration = DURATION } = options;
  // Of too many at once, the oldest make room.
  replace([...messages, { id, text, look, action, duration }].slice(-3));
  return () => dismiss(id);
}

/** Takes a message away. */
export function dismiss(id: number) {
  replace(messages.filter((message) => message.id !== id));
}

/** The messages to show. */
export function useMessages(): readonly Message[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
    () => NONE,
  );
}
