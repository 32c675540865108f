"use client";

import { X } from "lucide-react";
import { Toast } from "radix-ui";

import { act, dismiss, type Message, useMessages } from "./toast";

/** How many messages are shown. Older ones wait out of sight, each for its own time. */
const ROOM = 3;

/**
 * The messages. F8 leads to them. Nothing of it is there without one: it would remember that the pointer
 * or the focus was on the last one, and never let the next one go.
 */
export function Toasts() {
  const messages = useMessages();
  if (messages.length === 0) return null;
  return (
    <Toast.Provider swipeDirection="down">
      {messages.map((message, index) => (
        <ToastMessage key={message.id} message={message} hidden={index < messages.length - ROOM} />
      ))}
      <Toast.Viewport className="fixed inset-x-0 bottom-0 z-50 mx-auto grid w-full max-w-md grid-cols-1 gap-2 p-4 -outline-offset-2" />
    </Toast.Provider>
  );
}

function ToastMessage({
  message: { id, text, look, action, duration },
  hidden,
}: {
  readonly message: Message;
  readonly hidden: boolean;
}) {
  return (
    <Toast.Root
      hidden={hidden}
      duration={duration}
      type={look === "danger" ? "foreground" : "background"}
      onOpenChange={(open) => !open && dismiss(id)}
      className={`flex animate-rise items-center gap-2 rounded-2xl py-1.5 pr-1.5 pl-4 shadow-float ${
        look === "danger" ? "bg-danger text-on-danger" : "bg-ink text-paper"
      }`}
    >
      <Toast.Description className="min-w-0 grow wrap-anywhere py-2 text-sm">
        {text}
      </Toast.Description>
      {action && (
        <Toast.Action
          altText={action.label}
          onClick={() => act(id)}
          className="min-h-11 shrink-0 rounded-xl px-3 font-semibold text-sm underline underline-offset-4 outline-current"
        >
          {action.label}
        </Toast.Action>
      )}
      <Toast.Close
        aria-label="Dismiss"
        className="flex size-11 shrink-0 items-center justify-center rounded-xl outline-current"
      >
        <X aria-hidden className="size-4" />
      </Toast.Close>
    </Toast.Root>
  );
}
