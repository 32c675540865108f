"use client";

import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useId, useState } from "react";

/** How every box to write in looks. */
export const BOX =
  "w-full rounded-xl border border-edge bg-surface px-3 py-2.5 text-base text-ink placeholder:text-muted aria-invalid:border-danger aria-invalid:outline-danger";

interface Named {
  readonly label: string;
  /** What breaks a rule: the rest of a sentence that starts with the label. */
  readonly error?: string | undefined;
  /** What helps to fill it in. */
  readonly hint?: ReactNode;
}

/** A line to write in, with its label, a hint, and what is wrong with it. */
export function TextField({ label, error, hint, ...input }: Named & ComponentProps<"input">) {
  return (
    <Labelled label={label} error={error} hint={hint}>
      {(tied) => <input {...input} {...tied} className={BOX} />}
    </Labelled>
  );
}

/** Several lines to write in; it grows with them. */
export function TextArea({ label, error, hint, ...area }: Named & ComponentProps<"textarea">) {
  return (
    <Labelled label={label} error={error} hint={hint}>
      {(tied) => (
        <textarea {...area} {...tied} className={`${BOX} field-sizing-content max-h-80 min-h-20`} />
      )}
    </Labelled>
  );
}

/** A password, which can be shown. */
export function PasswordField({ label, error, hint, ...input }: Named & ComponentProps<"input">) {
  const [shown, setShown] = useState(false);
  return (
    <Labelled label={label} error={error} hint={hint}>
      {(tied) => (
        <span className="relative block">
          <input
            {...input}
            {...tied}
            type={shown ? "text" : "password"}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            className={`${BOX} pr-12`}
          />
          <button
            type="button"
            aria-label={shown ? "Hide the password" : "Show the password"}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-0 right-0 flex w-11 items-center justify-center rounded-xl text-muted hover:text-ink"
          >
            {shown ? (
              <EyeOff aria-hidden className="size-5" />
            ) : (
              <Eye aria-hidden className="size-5" />
            )}
          </button>
        </span>
      )}
    </Labelled>
  );
}

/** What ties a control to its label, its hint and its error. */
interface Tied {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

function Labelled({
  label,
  error,
  hint,
  children,
}: Named & { children: (tied: Tied) => ReactNode }) {
  const id = useId();
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children({
        id,
        "aria-invalid": Boolean(error),
        "aria-describedby": describedBy || undefined,
      })}
      <FieldError id={`${id}-error`} label={label} error={error} />
      {hint && (
        <div id={`${id}-hint`} className="text-muted text-sm">
          {hint}
        </div>
      )}
    </div>
  );
}

/** What is wrong with a field, told as it comes up. */
export function FieldError({
  id,
  label,
  error,
}: {
  readonly id: string;
  readonly label: string;
  readonly error: string | undefined;
}) {
  return (
    // It is there before its text is, or that would not be told; out of the flow it leaves no gap.
    <p id={id} aria-live="polite" className="text-danger text-sm empty:absolute">
      {error && `${label} ${error}.`}
    </p>
  );
}
