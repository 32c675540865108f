"use client";

import { useEffect, useState } from "react";

/** How often the time is looked at, in milliseconds. */
const TICK = 30_000;

/** The time, in milliseconds since 1970, as it goes on. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  return now;
}
