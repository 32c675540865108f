"use client";

import { useEffect, useState } from "react";

/** The token in the page's address: undefined until it is read, null if there is none. */
export function useResetToken(): string | null | undefined {
  const [token, setToken] = useState<string | null>();
  useEffect(() => {
    const named = new URLSearchParams(location.search).get("token");
    // In development effects run twice, the second time with the address below.
    setToken((known) => known ?? named);
    // Out of the address it goes: neither the history nor a glance at the screen should keep it.
    history.replaceState(history.state, "", location.pathname);
  }, []);
  return token;
}
