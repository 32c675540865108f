import Link from "next/link";
import type { ReactNode } from "react";

import { Logo } from "@/ui/logo";

/** The pages for those who are not signed in: one card in the middle. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-md content-center gap-8 px-4 py-10">
      <Link href="/" className="justify-self-center rounded-xl p-1">
        <Logo />
      </Link>
      <div className="grid gap-6 rounded-3xl border border-line bg-surface p-6 shadow-card sm:p-8">
        {children}
      </div>
    </main>
  );
}
