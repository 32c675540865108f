"use client";

import { useEffect } from "react";

import { messageOf, Unreachable } from "@/api/problem";
import { auth } from "@/auth";
import { Button } from "@/ui/button";

/** How often to look whether the server is back, in milliseconds. */
const AGAIN_AFTER = 5_000;

/** Said while nobody can tell whether somebody is signed in. It goes on by itself. */
export function ServerAway({ error }: { readonly error: unknown }) {
  useEffect(() => {
    const again = () => void auth().restore();
    const timer = setInterval(again, AGAIN_AFTER);
    window.addEventListener("online", again);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", again);
    };
  }, []);
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div role="alert" className="grid max-w-sm justify-items-center gap-3 text-center">
        <h1 className="font-semibold text-2xl tracking-tight">
          {error instanceof Unreachable
            ? "The server cannot be reached"
            : "The server cannot let you in now"}
        </h1>
        <p className="text-muted">{messageOf(error)}</p>
        <p className="text-muted">Your tasks are safe. This page goes on by itself.</p>
        <Button look="secondary" className="mt-2" onClick={() => void auth().restore()}>
          Try now
        </Button>
      </div>
    </main>
  );
}
