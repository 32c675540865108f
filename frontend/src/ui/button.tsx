import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-edge/50 bg-surface text-ink hover:border-edge hover:bg-sunken",
  quiet: "text-ink hover:bg-sunken",
  danger: "bg-danger text-on-danger hover:opacity-90",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: keyof typeof LOOKS;
  /** Whether what it started is under way: it keeps the focus, and does nothing meanwhile. */
  readonly busy?: boolean;
}

/** A button with words on it. */
export function Button({ look = "primary", busy = false, className = "", ...props }: ButtonProps) {
  const { children, onClick, type = "button", ...rest } = props;
  return (
    <button
      {...rest}
      type={busy ? "button" : type}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={`inline-flex min-h-11 items-center justify-center gap-2 rounded-xl px-4 font-medium text-sm transition-colors aria-disabled:opacity-70 ${LOOKS[look]} ${className}`}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {children}
    </button>
  );
}

/** A button that is an icon; `label` is its name. */
export function IconButton({
  label,
  className = "",
  children,
  ...rest
}: Omit<ComponentProps<"button">, "aria-label"> & { readonly label: string }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={`inline-flex size-11 shrink-0 items-center justify-center rounded-xl text-muted transition-colors hover:bg-sunken hover:text-ink [&>svg]:size-5 ${className}`}
    >
      {children}
    </button>
  );
}
