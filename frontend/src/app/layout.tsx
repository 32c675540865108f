import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import type { ReactNode } from "react";

import { Toasts } from "@/ui/toasts";
import "./globals.css";

const geist = localFont({
  src: "../../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2",
  variable: "--font-geist",
  weight: "100 900",
  display: "swap",
});

export const metadata: Metadata = {
  title: { default: "Todo", template: "%s · Todo" },
  description: "A todo list that is yours alone: quick, quiet, and safe.",
  referrer: "no-referrer",
};

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f7f5f1" },
    { media: "(prefers-color-scheme: dark)", color: "#151412" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme is set on it before React comes.
    <html lang="en" className={geist.variable} suppressHydrationWarning>
      <head>
        {/* Not async: it must run before the first paint. */}
        <script src="/theme.js" />
      </head>
      <body className="min-h-dvh font-sans antialiased">
        {children}
        <Toasts />
      </body>
    </html>
  );
}
