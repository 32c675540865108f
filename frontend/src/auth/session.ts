import { Problem } from "@/api/problem";
import type { SessionState, SignedOutReason, User } from "./auth";
import { type Grant, isFresh } from "./grant";
import type { Tabs } from "./tabs";

/** The problem of an account that an operator has disabled. */
const DISABLED = "account-disabled";

/**
 * Who is signed in, and the token to show for it: the same for every way into the app.
 *
 * However many calls need a new token at once, in however many tabs, one of them gets it.
 */
export class Session {
  #state: SessionState = { status: "restoring" };
  #grant: Grant | null = null;
  #renewing: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();

  /** `renew` gets a new token, or null if the session has ended; it throws if nobody can tell. */
  constructor(
    private readonly tabs: Tabs,
    private readonly renew: () => Promise<Grant | null>,
  ) {
    tabs.offer(() => this.#grant);
    tabs.onMark((userId) => this.#follow(userId));
  }

  get state(): SessionState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Finds out whether somebody is signed in. */
  async restore(): Promise<void> {
    if (this.#state.status === "signed-in") return;
    if (this.tabs.marked() === null) return this.#set({ status: "signed-out", reason: "never" });
    this.#set({ status: "restoring" });
    // What went wrong is in the state.
    await this.#renewed(null).catch((error) => this.#set({ status: "unreachable", error }));
  }

  /** A token that holds and is not `rejected`, or null if nobody is signed in. */
  async accessToken(rejected?: string): Promise<string | null> {
    if (!this.#grant || this.#grant.token === rejected || !isFresh(this.#grant)) {
      if (this.#state.status === "signed-out") return null;
      await this.#renewed(rejected ?? null);
    }
    return this.#grant?.token ?? null;
  }

  /** Somebody has signed in. */
  begin(grant: Grant): void {
    this.#grant = grant;
    this.tabs.mark(grant.user.id);
    this.#set({ status: "signed-in", user: grant.user });
  }

  /** Nobody is signed in any more, in no tab. */
  end(reason: SignedOutReason): void {
    this.#grant = null;
    this.tabs.mark(null);
    this.#set({ status: "signed-out", reason });
  }

  /** The user has changed. */
  update(user: User): void {
    if (this.#grant) this.begin({ ...this.#grant, user });
  }

  #renewed(rejected: string | null): Promise<void> {
    this.#renewing ??= this.tabs
      .oneAtATime(async () => {
        const grant = (await this.tabs.ask(rejected)) ?? (await this.renew());
        // Meanwhile another tab may have ended it all.
        if (this.#state.status === "signed-out") return;
        if (grant) this.begin(grant);
        else this.end("expired");
      })
      .finally(() => {
        this.#renewing = null;
      });
    return this.#renewing;
  }

  /** Another tab has signed somebody in, or everybody out. */
  #follow(userId: string | null): void {
    if (userId === null) {
      this.#grant = null;
      this.#set({ status: "signed-out", reason: "left" });
    } else if (userId !== this.#grant?.user.id) {
      this.#grant = null;
      this.#set({ status: "restoring" });
      void this.restore();
    }
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** What `attempt` answers, or null if it is refused because there is no session any more. */
export async function unlessRefused<T>(attempt: Promise<T>): Promise<T | null> {
  try {
    return await attempt;
  } catch (error) {
    const over = error instanceof Problem && (error.status === 401 || error.kind === DISABLED);
    if (over) return null;
    throw error;
  }
}
