import type { ReactNode } from "react";

const LOOKS = {
  danger: "bg-danger-soft text-danger",
  warning: "bg-warning-soft text-warning",
  good: "bg-accent-soft text-accent-strong",
} as const;

/** A message that stays where it is; screen readers tell it at once. */
export function Alert({
  look = "danger",
  children,
}: {
  readonly look?: keyof typeof LOOKS;
  readonly children: ReactNode;
}) {
  return (
    <div
      role={look === "danger" ? "alert" : "status"}
      className={`rounded-xl px-4 py-3 text-sm ${LOOKS[look]}`}
    >
      {children}
    </div>
  );
}
