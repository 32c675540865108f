"use client";

import { notifyManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { isPassing } from "@/api/problem";

// A change shows in the very frame of the click, rather than in one after it.
notifyManager.setScheduler(queueMicrotask);

/** How often a question is asked again that may go better a little later. */
const RETRIES = 2;

/**
 * What has been loaded for one user. Give it the user's id as its key: with another user, everything
 * begins anew.
 */
export function UserQueries({ children }: { readonly children: ReactNode }) {
  const [client] = useState(newClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < RETRIES && isPassing(error),
        staleTime: 5_000,
        // Who is offline is told so, rather than kept waiting.
        networkMode: "always",
        // Which that mode would leave out.
        refetchOnReconnect: true,
      },
      mutations: { networkMode: "always" },
    },
  });
}
