"use client";

import { useSyncExternalStore } from "react";

/** A message that goes away by itself. */
export interface Message {
  readonly id: number;
  readonly text: string;
  readonly look: "plain" | "danger";
  /** What can be done about it. */
  readonly action: { readonly label: string; readonly run: () => void } | undefined;
  /** Called when it is gone and nothing was done about it. */
  readonly onGone: (() => void) | undefined;
  /** How long it stays, in milliseconds. */
  readonly duration: number;
}

type Options = Partial<Pick<Message, "look" | "action" | "onGone" | "duration">>;

const DURATION = 6_000;
/** How many there is room for. */
const ROOM = 3;

let messages: readonly Message[] = [];
let lastId = 0;
const NONE: readonly Message[] = [];
const listeners = new Set<() => void>();

/** Shows a message; the answer withdraws it. */
export function toast(text: string, options: Options = {}): () => void {
  lastId += 1;
  const id = lastId;
  const { look = "plain", action, onGone, duration = DURATION } = options;
  const room = messages.length < ROOM ? undefined : messages[0];
  if (room) dismiss(room.id);
  show([...messages, { id, text, look, action, onGone, duration }]);
  return () => {
    withdraw(id);
  };
}

/** Takes a message away that nothing was done about. */
export function dismiss(id: number) {
  withdraw(id)?.onGone?.();
}

/** Does what the message offers. */
export function act(id: number) {
  withdraw(id)?.action?.run();
}

/** Takes all messages away: whoever they were for is gone. */
export function withdrawAll() {
  show(NONE);
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

function withdraw(id: number): Message | undefined {
  const message = messages.find((other) => other.id === id);
  if (message) show(messages.filter((other) => other !== message));
  return message;
}

function show(next: readonly Message[]) {
  messages = next;
  for (const listener of listeners) listener();
}
