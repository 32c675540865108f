/** The way in with the API's own accounts: a password, and a refresh token that no script can read. */
import { type Api, answer, openApi, type Schemas } from "@/api/client";
import type { Auth, Credentials, OpenSession, SignUpDraft, User } from "./auth";
import type { Grant } from "./grant";
import { unlessRefused } from "./session";
import { SessionAuth } from "./session-auth";
import type { Tabs } from "./tabs";
import { blaming } from "./wrong-password";

/** Says in a URL of tasks that they are those of the token's user. */
const TOKEN_SCOPE = "v1";

export class ApiAuth extends SessionAuth implements Auth {
  readonly #open: Api = openApi();

  constructor(tabs: Tabs) {
    super(tabs, async () => {
      const tokens = await unlessRefused(answer(this.#open.POST("/api/v1/auth/refresh")));
      return tokens && grantOf(tokens);
    });
  }

  taskScope() {
    return TOKEN_SCOPE;
  }

  async signUp(body: SignUpDraft) {
    const call = () => answer(this.#open.POST("/api/v1/auth/register", { body }));
    await this.session.signIn(async () => grantOf(await call()));
  }

  async logIn(body: Credentials) {
    const call = () => answer(this.#open.POST("/api/v1/auth/login", { body }));
    await this.session.signIn(async () => grantOf(await call()));
  }

  protected override async leave({ id }: User) {
    await unlessRefused(answer(this.api().POST("/api/v1/auth/logout")));
    this.session.end("left", id);
  }

  async forgotPassword(email: string) {
    await answer(this.#open.POST("/api/v1/auth/password/forgot", { body: { email } }));
  }

  async resetPassword(token: string, new_password: string) {
    const body = { token, new_password };
    await answer(this.#open.POST("/api/v1/auth/password/reset", { body }));
    // It has ended every session, also that of whoever was signed in here.
    this.session.end("left");
  }

  async changePassword(current_password: string, new_password: string) {
    const body = { current_password, new_password };
    const change = answer(this.api().POST("/api/v1/auth/password/change", { body }));
    await blaming("current_password", change);
  }

  async updateName(name: string | null) {
    const user = await answer(this.api().PATCH("/api/v1/auth/me", { body: { name } }));
    this.session.update(userOf(user));
  }

  async sessions() {
    return (await answer(this.api().GET("/api/v1/auth/sessions"))).map(openSessionOf);
  }

  async endSession(session_id: string) {
    const params = { path: { session_id } };
    await answer(this.api().DELETE("/api/v1/auth/sessions/{session_id}", { params }));
  }

  async endOtherSessions() {
    await answer(this.api().DELETE("/api/v1/auth/sessions"));
  }

  async deleteAccount(password: string) {
    const { id } = this.user();
    await blaming("password", answer(this.api().DELETE("/api/v1/auth/me", { body: { password } })));
    this.session.end("deleted", id);
  }
}

export { ApiAuth as WayIn };

function grantOf({ access_token, expires_in, user }: Schemas["TokenResponse"]): Grant {
  const expiresAt = Date.now() + expires_in * 1_000;
  return { token: access_token, expiresAt, user: userOf(user) };
}

function userOf({ id, email, name }: Schemas["UserResponse"]): User {
  return { id, email, name };
}

function openSessionOf(session: Schemas["SessionResponse"]): OpenSession {
  const { id, user_agent, ip, created_at, last_used_at, current } = session;
  return {
    id,
    userAgent: user_agent,
    ip,
    createdAt: created_at,
    lastUsedAt: last_used_at,
    current,
  };
}
