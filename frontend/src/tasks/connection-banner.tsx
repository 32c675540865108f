"use client";

import { WifiOff } from "lucide-react";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";

/** How often to look whether the server is back, in milliseconds. */
const AGAIN_AFTER = 5_000;

/**
 * Says that what is shown may be old: nobody is online, or the server is away. It goes by itself: who
 * comes online is noticed anyway, and for the server it asks.
 */
export function ConnectionBanner({
  failing,
  onAgain,
}: {
  readonly failing: boolean;
  readonly onAgain: () => void;
}) {
  const online = useOnline();
  const again = useEffectEvent(onAgain);
  useEffect(() => {
    if (!failing) return;
    const timer = setInterval(() => again(), AGAIN_AFTER);
    return () => clearInterval(timer);
  }, [failing]);
  const why = online ? "The server cannot be reached." : "You are offline.";
  return (
    <div role="status">
      {(failing || !online) && (
        <p className="flex animate-rise items-center gap-3 rounded-2xl bg-warning-soft px-4 py-3 text-sm text-warning">
          <WifiOff aria-hidden className="size-5 shrink-0" />
          <span>
            <strong className="font-semibold">{why}</strong> This is the list as it was last seen;
            changes cannot be saved until the connection is back.
          </span>
        </p>
      )}
    </div>
  );
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
