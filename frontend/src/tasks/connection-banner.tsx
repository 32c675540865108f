"use client";

import { TriangleAlert, WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

import { messageOf, Unreachable } from "@/api/problem";
import { useAgain } from "@/ui/use-again";

/**
 * Says why what is shown may be old: nobody is online, or the server does not tell. It goes by itself:
 * who comes online is noticed anyway, and the server is asked again.
 */
export function ConnectionBanner({
  error,
  onAgain,
}: {
  /** Why the server did not tell; null if it did. */
  readonly error: unknown;
  readonly onAgain: () => void;
}) {
  const online = useOnline();
  const failing = error !== null;
  useAgain(onAgain, failing);
  const cutOff = !online || error instanceof Unreachable;
  const Icon = cutOff ? WifiOff : TriangleAlert;
  return (
    // Out of the flow while it is empty, so that it leaves no gap.
    <div role="status" className="empty:absolute">
      {(failing || !online) && (
        <p className="flex animate-rise items-center gap-3 rounded-2xl bg-warning-soft px-4 py-3 text-sm text-warning">
          <Icon aria-hidden className="size-5 shrink-0" />
          <span>
            <strong className="font-semibold">{online ? reason(error) : "You are offline."}</strong>{" "}
            This is the list as it was last seen
            {cutOff && "; changes cannot be saved until the connection is back"}.
          </span>
        </p>
      )}
    </div>
  );
}

function reason(error: unknown): string {
  return error instanceof Unreachable ? "The server cannot be reached." : messageOf(error);
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener("online", listener);
      window.addEventListener("offline", listener);
      return () => {
        window.removeEventListener("online", listener);
        window.removeEventListener("offline", listener);
      };
    },
    () => navigator.onLine,
    () => true,
  );
}
