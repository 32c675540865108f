import type { components } from "./schema";

/** A field that breaks a rule; `message` is the rest of a sentence that starts with the field. */
export type ProblemField = components["schemas"]["ProblemField"];

/** An error that a server answered with; the API's are problem documents (RFC 9457). */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    /** The HTTP status. */
    readonly status: number,
    /** The kind, for programs: the last part of the document's `type`, such as `task-not-found`. */
    readonly kind: string,
    /** What to do about it, for people. */
    detail: string,
    /** The fields that break a rule. */
    readonly fields: readonly ProblemField[] = [],
    /** Names the request in the server's log. */
    readonly requestId: string | null = null,
  ) {
    super(detail);
  }

  /** Reads the problem that a response holds; a proxy's error page is one without a kind. */
  static async of(response: Response): Promise<Problem> {
    const document = await response.json().catch(() => ({}));
    const { type, detail, errors, request_id } = isDocument(document) ? document : {};
    return new Problem(
      response.status,
      type?.split(":").at(-1) ?? "unknown",
      detail ?? "The server could not do this. Try again later.",
      errors ?? [],
      request_id ?? response.headers.get("X-Request-Id"),
    );
  }
}

/** No answer came: no network, no server, or the connection broke. Nobody knows what was saved. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor(cause: unknown) {
    super("The server cannot be reached. Check your connection and try again.", { cause });
  }
}

/** Who wanted it is not signed in any more; somebody else may be. */
export class NotSignedIn extends Error {
  override readonly name = "NotSignedIn";
}

/** Whether it may go better a little later. If it was a change, it may have been saved all the same. */
export function isPassing(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && error.status >= 500);
}

/** Whether the token was refused. A wrong password is a 401 as well, and no other token helps there. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof Problem && ["invalid-token", "no-token"].includes(error.kind);
}

/** Whether the user has to log in again. */
export function isSessionOver(error: unknown): boolean {
  return isTokenRefused(error) || error instanceof NotSignedIn;
}

/** What to tell the user of any error. */
export function messageOf(error: unknown): string {
  if (isSessionOver(error)) return "Your session has ended. Log in again.";
  return error instanceof Problem || error instanceof Unreachable
    ? error.message
    : "Something went wrong here. Reload the page and try again.";
}

function isDocument(value: unknown): value is Partial<components["schemas"]["ProblemDocument"]> {
  return typeof value === "object" && value !== null;
}
