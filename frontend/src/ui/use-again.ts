"use client";

import { useEffect, useEffectEvent } from "react";

/** How often to look whether the server is back, in milliseconds. */
const AGAIN_AFTER = 5_000;

/** Calls `again` every few seconds, and as the browser comes online, for as long as it is `wanted`. */
export function useAgain(again: () => void, wanted = true): void {
  const onAgain = useEffectEvent(again);
  useEffect(() => {
    if (!wanted) return;
    const look = () => onAgain();
    const timer = setInterval(look, AGAIN_AFTER);
    window.addEventListener("online", look);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", look);
    };
  }, [wanted]);
}
