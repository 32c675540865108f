import type { User } from "./auth";

/** A token that opens the API for a while, and whose it is. Kept in memory alone. */
export interface Grant {
  readonly token: string;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
  readonly user: User;
}

/** A token is let go this long before its end, for it must arrive before it. In milliseconds. */
const MARGIN = 1_000;

/** Whether the token can be sent now. */
export function isFresh(grant: Grant): boolean {
  return Date.now() < grant.expiresAt - MARGIN;
}
