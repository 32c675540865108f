"use client";

import { Button } from "./button";

/** What stands in the place of a page that broke, or whose files are those of another release by now. */
export function BrokenPage() {
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div role="alert" className="grid max-w-sm justify-items-center gap-3 text-center">
        <h1 className="font-semibold text-2xl tracking-tight">Something went wrong here</h1>
        <p className="text-muted">Your tasks are safe. Load the page anew to go on.</p>
        <Button className="mt-2" onClick={() => location.reload()}>
          Load anew
        </Button>
      </div>
    </main>
  );
}
