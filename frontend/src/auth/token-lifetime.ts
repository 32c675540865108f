import * as z from "zod/mini";

/** The claims of a token that tell how long it holds, in seconds since 1970. */
const claims = z.object({ iat: z.number(), exp: z.number() });

/**
 * How long a token (a JWT) holds from when it was made, in milliseconds. It is asked for just then, so
 * that the clock of this device may be wrong.
 */
export function lifetimeOf(token: string): number {
  const [, payload = ""] = token.split(".");
  const { iat, exp } = claims.parse(
    JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))),
  );
  return (exp - iat) * 1_000;
}
