import type { ReactNode } from "react";

/** The heading of a page, and a line that says what it is for. */
export function Heading({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="grid gap-1.5">
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      {children && <p className="text-muted text-sm">{children}</p>}
    </div>
  );
}
