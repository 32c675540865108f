"use client";

import { BrokenPage } from "@/ui/broken-page";
import "./globals.css";

/** What is left when not even the layout can be shown. */
export default function GlobalError() {
  return (
    <html lang="en">
      <head>
        <title>Todo</title>
      </head>
      <body className="min-h-dvh font-sans antialiased">
        <BrokenPage />
      </body>
    </html>
  );
}
