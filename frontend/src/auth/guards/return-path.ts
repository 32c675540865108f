/** Where to go after logging in, as the address of the page says it. */
import type { SignedOutReason } from "@/auth/auth";

/** Where users land. */
export const HOME = "/tasks";

/** The pages that one may come back to; anything else in an address is somebody's trick. */
const PAGES = [HOME, "/account"];

/** The page to log in at, which tells why, and leads back to `path`. */
export function loginUrl(reason: SignedOutReason, path: string): string {
  const query = new URLSearchParams();
  if (reason !== "never") query.set("reason", reason);
  // Whoever leaves need not come back to where they were, and the next one may be somebody else.
  const comesBack = reason === "never" || reason === "expired";
  if (comesBack && path !== HOME && returnPath(path) === path) query.set("next", path);
  return query.size > 0 ? `/login?${query}` : "/login";
}

/** `next`, if it is a page of the app, else where users land. */
export function returnPath(next: string | null): string {
  const [page] = next?.split("?") ?? [];
  return next !== null && page !== undefined && PAGES.includes(page) ? next : HOME;
}
