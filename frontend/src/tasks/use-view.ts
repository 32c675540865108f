"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";

import { HOME } from "@/auth/guards/return-path";
import { addressOf, type View, viewOf } from "./view";

/** The view that the address says, and how to go to another one. The way back leads to this one. */
export function useView(): [View, (view: View) => void] {
  const query = useSearchParams();
  const view = useMemo(() => viewOf(new URLSearchParams(query)), [query]);
  const router = useRouter();
  const show = useCallback(
    (next: View) => {
      const address = addressOf(next);
      // The router would ask the server for the page that is here already.
      if (location.pathname === HOME) history.pushState(null, "", address);
      // A message leads here from other pages, too.
      else router.push(address);
    },
    [router],
  );
  return [view, show];
}
