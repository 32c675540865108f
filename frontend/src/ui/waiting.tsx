import type { ReactNode } from "react";

/** The shape of what is loading. Screen readers are told `what` instead. */
export function Waiting({
  what,
  children,
}: {
  readonly what: string;
  readonly children: ReactNode;
}) {
  return (
    <div role="status">
      <span className="sr-only">{what}</span>
      <div aria-hidden className="animate-pulse">
        {children}
      </div>
    </div>
  );
}
