"use client";

import { store } from "./store";

/** A message that goes away by itself. */
export interface Message {
  readonly id: number;
  readonly text: string;
  readonly look: "plain" | "danger";
  /** What can be done about it. */
  readonly action: { readonly label: string; readonly run: () => void } | undefined;
  /** Called when its time is over or the user dismisses it; not when it is acted on or withdrawn. */
  readonly onGone: (() => void) | undefined;
  /** How long it stays, in milliseconds. */
  readonly duration: number;
}

type Options = Partial<Pick<Message, "look" | "action" | "onGone" | "duration">>;

const DURATION = 6_000;

const messages = store<readonly Message[]>([]);
let lastId = 0;

/** Shows a message; the answer withdraws it. */
export function toast(text: string, options: Options = {}): () => void {
  lastId += 1;
  const id = lastId;
  const { look = "plain", action, onGone, duration = DURATION } = options;
  messages.set([...messages.get(), { id, text, look, action, onGone, duration }]);
  return () => {
    withdraw(id);
  };
}

/** Takes a message away about which nothing is to be done any more. */
export function dismiss(id: number) {
  withdraw(id)?.onGone?.();
}

/** Does what the message offers. */
export function act(id: number) {
  withdraw(id)?.action?.run();
}

/** Withdraws all messages: whoever they were for is gone. */
export function withdrawAll() {
  messages.set([]);
}

/** The messages, the newest last. */
export const useMessages = messages.useValue;

function withdraw(id: number): Message | undefined {
  const message = messages.get().find((other) => other.id === id);
  if (message) messages.set(messages.get().filter((other) => other !== message));
  return message;
}
