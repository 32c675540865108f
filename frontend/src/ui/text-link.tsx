import Link from "next/link";
import type { ComponentProps } from "react";

/** A link among words. */
export function TextLink(props: ComponentProps<typeof Link>) {
  return (
    <Link
      {...props}
      className="rounded font-medium text-accent underline decoration-from-font underline-offset-4 hover:text-accent-strong"
    />
  );
}
