"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";

import { addressOf, type View, viewOf } from "./view";

/** The view that the address says, and how to go to another one. The way back leads to this one. */
export function useView(): [View, (view: View) => void] {
  const query = useSearchParams();
  const view = useMemo(() => viewOf(new URLSearchParams(query)), [query]);
  const show = useCallback((next: View) => {
    // Not through the router, which would ask the server for the page that is here already.
    history.pushState(null, "", addressOf(next));
  }, []);
  return [view, show];
}
