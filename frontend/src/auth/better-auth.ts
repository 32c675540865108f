/** The way in with the accounts of a Better Auth server, whose tokens the API takes. */
import { jwtClient } from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

import { answer } from "@/api/client";
import { isPassing, Problem } from "@/api/problem";
import { reach } from "@/api/reach";
import type { Auth, Credentials, OpenSession, SignUpDraft, User } from "./auth";
import { type BetterAuthError, NO_SESSION, problemOf } from "./better-auth-problem";
import type { Grant } from "./grant";
import { unlessRefused } from "./session";
import { SessionAuth } from "./session-auth";
import type { Tabs } from "./tabs";
import { lifetimeOf } from "./token-lifetime";
import { blaming, WRONG_PASSWORD } from "./wrong-password";

/**
 * The server must have the plugin `jwt()`, `emailAndPassword` with `sendResetPassword` and
 * `revokeSessionsOnPasswordReset`, `user.deleteUser.enabled`, and `session.freshAge: 0`, for the list of
 * sessions is refused to older ones. The page's origin must be one of its `trustedOrigins`, and it must
 * allow that by CORS, with credentials. The session is its cookie, which no script can read.
 */
export class BetterAuth extends SessionAuth implements Auth {
  readonly #client = openClient();
  /** Whose tasks may be deleted already, though not their account. */
  #halfDeleted: string | null = null;

  constructor(tabs: Tabs) {
    super(tabs, () => unlessRefused(this.#renew()));
  }

  taskScope(user: User) {
    return user.id;
  }

  async signUp({ email, password, name }: SignUpDraft) {
    const draft = { email: email.trim(), password, name: name.trim() };
    await this.session.signIn(async () => {
      const { token, user } = await answered(this.#client.signUp.email(draft));
      // Without a session, the server wants the email confirmed first.
      if (token === null) throw problemOf({ status: 403, code: "EMAIL_NOT_VERIFIED" });
      return await this.#grantFor(user);
    });
  }

  async logIn({ email, password }: Credentials) {
    const draft = { email: email.trim(), password };
    await this.session.signIn(async () => {
      const { user } = await answered(this.#client.signIn.email(draft));
      return await this.#grantFor(user);
    });
  }

  protected override async leave({ id }: User) {
    await answered(this.#client.signOut());
    this.session.end("left", id);
  }

  async forgotPassword(email: string) {
    const redirectTo = `${location.origin}/reset-password`;
    await answered(this.#client.requestPasswordReset({ email: email.trim(), redirectTo }));
  }

  async resetPassword(token: string, newPassword: string) {
    await answered(this.#client.resetPassword({ token, newPassword }), "new_password");
    this.session.end("left");
  }

  async changePassword(currentPassword: string, newPassword: string) {
    const body = { currentPassword, newPassword, revokeOtherSessions: true };
    const change = this.#asUser(this.#client.changePassword(body), "new_password");
    await blaming("current_password", change);
  }

  async updateName(name: string | null) {
    const kept = name?.trim() ?? "";
    await this.#asUser(this.#client.updateUser({ name: kept }));
    this.session.update({ ...this.user(), name: kept || null });
  }

  async sessions() {
    const [current, all] = await Promise.all([
      this.#asUser(this.#client.getSession()),
      this.#asUser(this.#client.listSessions()),
    ]);
    return all.map((session) => openSessionOf(session, current?.session.id));
  }

  async endSession(id: string) {
    // Better Auth names a session by its secret, which is asked for only now, and kept nowhere.
    const all = await this.#asUser(this.#client.listSessions());
    const token = all.find((session) => session.id === id)?.token;
    if (token) await this.#asUser(this.#client.revokeSession({ token }));
  }

  async endOtherSessions() {
    await this.#asUser(this.#client.revokeOtherSessions());
  }

  /**
   * The tasks go first: once there is no account, nobody could get at them any more. A wrong password
   * must be found out before that. If it fails between the two, it can be tried again.
   */
  async deleteAccount(password: string) {
    const { id } = this.user();
    await blaming("password", this.#provePassword(password));
    await this.#deleteAtApi();
    await this.#asUser(this.#client.deleteUser({ password }));
    this.session.end("deleted", id);
  }

  /** A login: the one way to have a password looked at that changes nothing if it is wrong. */
  async #provePassword(password: string) {
    try {
      await answered(this.#client.signIn.email({ email: this.user().email, password }));
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== "invalid-credentials") throw error;
      throw new Problem(error.status, WRONG_PASSWORD, error.message);
    }
  }

  /** Deletes all that the API holds of the user. Of one who is gone it takes no token any more. */
  async #deleteAtApi() {
    const { id } = this.user();
    const attempt = answer(this.api().DELETE("/api/v1/auth/me"));
    try {
      await (this.#halfDeleted === id ? unlessRefused(attempt) : attempt);
      this.#halfDeleted = id;
    } catch (error) {
      if (isPassing(error)) this.#halfDeleted = id;
      throw error;
    }
  }

  async #renew(): Promise<Grant | null> {
    // A copy of the session in a cookie would outlive the session.
    const query = { disableCookieCache: true };
    const found = await answered(this.#client.getSession({ query }));
    return found && this.#grantFor(found.user);
  }

  async #grantFor(user: Person): Promise<Grant> {
    const { token } = await answered(this.#client.token());
    return { token, expiresAt: Date.now() + lifetimeOf(token), user: userOf(user) };
  }

  /** What a call answers that needs the session. Where there is none, nobody is signed in any more. */
  async #asUser<A extends Answer>(call: Promise<A>, password?: string): Promise<DataOf<A>> {
    const { id } = this.user();
    try {
      return await answered(call, password);
    } catch (error) {
      if (error instanceof Problem && error.kind === NO_SESSION) this.session.end("expired", id);
      throw error;
    }
  }
}

export { BetterAuth as WayIn };

function openClient() {
  return createAuthClient({
    baseURL: process.env.NEXT_PUBLIC_BETTER_AUTH_URL,
    plugins: [jwtClient()],
    fetchOptions: {
      customFetchImpl: reach,
    },
  });
}

/** How the client answers: its errors are told, not thrown. */
type Answer = { data: unknown; error: null } | { data: null; error: BetterAuthError };
type DataOf<A extends Answer> = Extract<A, { error: null }>["data"];

/** What a call answered; its errors are thrown. `password` is what the form calls the new password. */
async function answered<A extends Answer>(call: Promise<A>, password?: string): Promise<DataOf<A>> {
  const { data, error } = await call;
  if (error) throw problemOf(error, password);
  // There is no error, which the compiler does not follow through a type parameter.
  return data as DataOf<A>;
}

/** What is used of a user as Better Auth knows them. */
type Person = Pick<User, "id" | "email"> & { readonly name: string };

function userOf({ id, email, name }: Person): User {
  return { id, email, name: name || null };
}

/** What is used of its sessions. */
interface BetterAuthSession {
  readonly id: string;
  readonly userAgent?: string | null | undefined;
  readonly ipAddress?: string | null | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

function openSessionOf(session: BetterAuthSession, current: string | undefined): OpenSession {
  const { id, userAgent, ipAddress, createdAt, updatedAt } = session;
  return {
    id,
    userAgent: userAgent || null,
    ip: ipAddress || null,
    createdAt: createdAt.toISOString(),
    lastUsedAt: updatedAt.toISOString(),
    current: id === current,
  };
}
