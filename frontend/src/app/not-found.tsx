import type { Metadata } from "next";

import { TextLink } from "@/ui/text-link";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="grid justify-items-center gap-3 text-center">
        <h1 className="font-semibold text-2xl tracking-tight">There is nothing here</h1>
        <p className="text-muted">The address is mistyped, or the page has moved.</p>
        <p className="mt-2">
          <TextLink href="/">Go to your tasks</TextLink>
        </p>
      </div>
    </main>
  );
}
