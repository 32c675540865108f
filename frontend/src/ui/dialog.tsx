"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useRef } from "react";

import { IconButton } from "./button";

/**
 * A dialog over the page. Focus stays in it, Escape closes it, and focus goes back to where it was.
 *
 * Its backdrop is our own: that of the primitive writes a style element, which the page's
 * Content-Security-Policy forbids.
 */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: string;
  readonly children: ReactNode;
}) {
  // The primitive goes back to a trigger of its own alone.
  const opener = useRef<Element | null>(null);
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-40 animate-appear bg-[rgb(0_0_0/0.5)]" />
        <div className="pointer-events-none fixed inset-0 z-40 grid place-items-end sm:place-items-center sm:p-4">
          <Primitive.Content
            onOpenAutoFocus={(event) => {
              opener.current = document.activeElement;
              toFirstField(event);
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              if (opener.current instanceof HTMLElement) opener.current.focus();
            }}
            {...(description === undefined && { "aria-describedby": undefined })}
            className="pointer-events-auto max-h-[90dvh] w-full max-w-lg animate-rise overflow-y-auto overscroll-contain rounded-t-3xl bg-surface p-6 shadow-float sm:rounded-3xl"
          >
            <div className="flex items-start justify-between gap-4">
              <Primitive.Title className="pt-2 font-semibold text-xl">{title}</Primitive.Title>
              <Primitive.Close asChild>
                <IconButton label="Close" className="-mr-2">
                  <X aria-hidden />
                </IconButton>
              </Primitive.Close>
            </div>
            {description !== undefined && (
              <Primitive.Description className="mt-2 text-muted text-sm">
                {description}
              </Primitive.Description>
            )}
            <div className="mt-5">{children}</div>
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Whoever opens a dialog to write something in it wants to do so, not to close it. */
function toFirstField(event: Event) {
  const { currentTarget: content } = event;
  const field =
    content instanceof Element && content.querySelector("input:not([type=checkbox]), textarea");
  if (field instanceof HTMLElement) {
    event.preventDefault();
    field.focus();
  }
}
