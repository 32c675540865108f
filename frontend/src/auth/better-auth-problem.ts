/** What the errors of a Better Auth server mean, in the words of the app. */
import { Problem } from "@/api/problem";
import { WRONG_PASSWORD } from "./wrong-password";

/** An error as its client tells it. */
export interface BetterAuthError {
  readonly status: number;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/** The kind of the problem that there is no session, or no longer. */
export const NO_SESSION = "no-session";

interface Meaning {
  readonly kind: string;
  readonly detail: string;
  /** The field that is to blame, and the rest of a sentence that starts with it. */
  readonly field?: readonly ["email" | "password", string];
}

const TAKEN: Meaning = {
  kind: "email-taken",
  detail: "An account with this email exists. Log in, or sign up with another email.",
  field: ["email", "belongs to an account already; log in, or use another one"],
};
const INVALID_EMAIL: Meaning = {
  kind: "invalid-input",
  detail: "The email is not valid.",
  field: ["email", "must be an email address like ada@example.com"],
};
const OLD_LOGIN: Meaning = {
  kind: "old-login",
  detail: "You logged in too long ago for this. Log out, log in again, and try once more.",
};

const ENDED: Meaning = { kind: NO_SESSION, detail: "Your session has ended. Log in again." };

/** By the code of the error. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  Object.entries<Meaning>({
    INVALID_EMAIL_OR_PASSWORD: {
      kind: "invalid-credentials",
      detail: "The email or the password is wrong.",
    },
    INVALID_PASSWORD: {
      kind: WRONG_PASSWORD,
      detail: "The password is not that of your account.",
    },
    CREDENTIAL_ACCOUNT_NOT_FOUND: {
      kind: "no-password",
      detail: "Your account has no password yet. Log out, and set one by “Forgot your password?”.",
    },
    USER_ALREADY_EXISTS: TAKEN,
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: TAKEN,
    INVALID_EMAIL,
    PASSWORD_TOO_SHORT: {
      kind: "invalid-input",
      detail: "The password is too short.",
      field: ["password", "is too short"],
    },
    PASSWORD_TOO_LONG: {
      kind: "invalid-input",
      detail: "The password is too long.",
      field: ["password", "is too long"],
    },
    PASSWORD_COMPROMISED: {
      kind: "invalid-input",
      detail: "The password is known from a leak. Choose another one.",
      field: ["password", "is known from a leak; choose another one"],
    },
    INVALID_TOKEN: {
      kind: "invalid-reset-token",
      detail: "The link is unknown, used or too old. Ask for a new one.",
    },
    EMAIL_NOT_VERIFIED: {
      kind: "email-not-verified",
      detail: "Confirm your email first: follow the link in the mail that we sent you.",
    },
    SESSION_NOT_FRESH: OLD_LOGIN,
    SESSION_EXPIRED: OLD_LOGIN,
  }),
);

/** The problem that an error is; `password` is what the form calls the password that is to blame. */
export function problemOf(error: BetterAuthError, password = "password"): Problem {
  const { kind, detail, field } = meaningOf(error);
  const [blamed, message] = field ?? [];
  const name = blamed === "password" ? password : blamed;
  const fields = name && message ? [{ field: name, code: kind, message }] : [];
  return new Problem(error.status, kind, detail, fields);
}

function meaningOf({ status, code = "", message = "" }: BetterAuthError): Meaning {
  const known = MEANINGS.get(code);
  if (known) return known;
  // The schema of a body names the field in its message alone.
  if (code === "VALIDATION_ERROR" && message.includes("[body.email]")) return INVALID_EMAIL;
  if (status === 401) return ENDED;
  if (status === 429) {
    return { kind: "too-many-requests", detail: "Too many tries at once. Wait a minute." };
  }
  return { kind: "unknown", detail: "The server could not do this. Try again later." };
}
