/** The one interface that ways into the app implement; the rest of the app knows nothing else. */
import type { TokenSource } from "@/api/client";

/** Who is signed in. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
}

/** What the app knows of the user. */
export type SessionState =
  /** Whether somebody is signed in is being found out. */
  | { readonly status: "restoring" }
  /** Nobody can tell, for the server cannot be reached or is in trouble; also while it is tried again. */
  | { readonly status: "unreachable"; readonly error: unknown }
  | { readonly status: "signed-out"; readonly reason: SignedOutReason }
  | { readonly status: "signed-in"; readonly user: User };

/** Why nobody is signed in: nobody was, somebody left, their session has ended, or their account. */
export type SignedOutReason = "never" | "left" | "expired" | "deleted";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface SignUpDraft extends Credentials {
  readonly name: string;
}

/** A place where the user is signed in. Instants are RFC 3339. */
export interface OpenSession {
  readonly id: string;
  readonly userAgent: string | null;
  readonly ip: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  /** Whether it is this very browser. */
  readonly current: boolean;
}

/**
 * A way into the app. Calls that fail throw `Problem` or `Unreachable`; the fields that a `Problem`
 * names are `email`, `password`, `name`, `current_password`, `new_password`.
 */
export interface Auth {
  readonly state: SessionState;
  /** Calls `listener` after each change of `state`; the answer ends that. */
  subscribe(listener: () => void): () => void;
  /** Finds out whether somebody is signed in, and tries again if nobody could tell. */
  restore(): Promise<void>;

  /** The tokens of this user: when somebody else signs in, there are none any more. */
  tokensOf(user: User): TokenSource;
  /** What the URLs of the user's tasks say between `/api/` and `/tasks`. */
  taskScope(user: User): string;

  signUp(draft: SignUpDraft): Promise<void>;
  logIn(credentials: Credentials): Promise<void>;
  /** Ends the session, here and in the other tabs. If the server cannot be told, it goes on. */
  logOut(): Promise<void>;

  /** Sends a link by mail, if there is such an account. */
  forgotPassword(email: string): Promise<void>;
  /** Sets a new password with the token of that link. */
  resetPassword(token: string, newPassword: string): Promise<void>;
  /** Sets a new password, and ends all other sessions. */
  changePassword(currentPassword: string, newPassword: string): Promise<void>;

  updateName(name: string | null): Promise<void>;
  sessions(): Promise<readonly OpenSession[]>;
  endSession(id: string): Promise<void>;
  endOtherSessions(): Promise<void>;
  /** Deletes the account and everything in it. */
  deleteAccount(password: string): Promise<void>;
}
