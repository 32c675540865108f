"use client";

import { useEffect, useEffectEvent, useRef } from "react";

import { Button } from "@/ui/button";

/** How far below the screen the end of the list may be when the next page is fetched. */
const AHEAD = "800px";

/** The end of what is loaded: the next page comes when it comes into sight, or on demand. */
export function FurtherPages({
  loading,
  failed,
  ready,
  onMore,
}: {
  readonly loading: boolean;
  readonly failed: boolean;
  /** Whether the next page may be fetched unasked: nothing else is, and nothing has failed. */
  readonly ready: boolean;
  readonly onMore: () => void;
}) {
  const end = useRef<HTMLDivElement>(null);
  const more = useEffectEvent(onMore);
  useEffect(() => {
    // What has failed is tried again by hand, not for as long as it is in sight.
    if (!end.current || !ready) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) more();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [ready]);
  return (
    <div ref={end} className="grid justify-items-center gap-2 py-4 text-muted text-sm">
      {failed && <p role="alert">Further tasks could not be loaded.</p>}
      <Button look="secondary" busy={loading} onClick={onMore}>
        {failed ? "Try again" : "Show more"}
      </Button>
    </div>
  );
}
