"use client";

import { useState } from "react";

import { messageOf, Unreachable } from "@/api/problem";
import { auth } from "@/auth";
import { Button } from "@/ui/button";
import { useAgain } from "@/ui/use-again";

/** Said while nobody can tell whether somebody is signed in. It goes on by itself. */
export function ServerAway({ error }: { readonly error: unknown }) {
  const [isTrying, setTrying] = useState(false);
  useAgain(() => void auth().restore());
  async function tryNow() {
    setTrying(true);
    await auth().restore();
    setTrying(false);
  }
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
        <Button look="secondary" className="mt-2" busy={isTrying} onClick={tryNow}>
          Try now
        </Button>
      </div>
    </main>
  );
}
