import type { TokenSource } from "@/api/client";
import { NotSignedIn, Problem } from "@/api/problem";
import type { SessionState, SignedOutReason, User } from "./auth";
import { type Grant, isFresh } from "./grant";
import type { Tabs } from "./tabs";

/** The problem of an account that an operator has disabled. */
const DISABLED = "account-disabled";

/**
 * Who is signed in, and the token to show for it: the same for every way into the app.
 *
 * However many calls need a new token at once, in however many tabs, one of them gets it. Whatever is
 * asked for in the name of a user counts for that user alone, however late the answer comes.
 */
export class Session {
  #state: SessionState = { status: "restoring" };
  #grant: Grant | null = null;
  /** The renewal that is under way, if it is for those who are here now. */
  #renewing: Promise<void> | null = null;
  /** Counts who has come and gone. */
  #turn = 0;
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

  /** Finds out whether somebody is signed in. Until that is known, the state stays what it is. */
  async restore(): Promise<void> {
    if (this.#state.status === "signed-in") return;
    if (this.tabs.marked() === null) return this.#set({ status: "signed-out", reason: "never" });
    const turn = this.#turn;
    // What went wrong is in the state.
    await this.#renewed(null).catch((error) => {
      if (turn === this.#turn) this.#set({ status: "unreachable", error });
    });
  }

  /** The tokens of a user, for as long as it is they who are signed in. */
  tokensOf(userId: string): TokenSource {
    return {
      accessToken: async (rejected) => {
        if (this.#isSignedIn(userId) && !this.#holds(rejected))
          await this.#renewed(rejected ?? null);
        if (!this.#isSignedIn(userId) || !this.#grant) throw new NotSignedIn();
        return this.#grant.token;
      },
    };
  }

  /** Signs somebody in, as soon as no other tab is about to get a token or to sign somebody in. */
  async signIn(attempt: () => Promise<Grant>): Promise<void> {
    await this.tabs.oneAtATime(async () => this.#begin(await attempt()));
  }

  /** Nobody is signed in any more, in no tab. If `userId` has been followed by another, that one stays. */
  end(reason: SignedOutReason, userId?: string): void {
    if (userId !== undefined && !this.#isSignedIn(userId)) return;
    this.#turnTo(null);
    this.tabs.mark(null);
    this.#set({ status: "signed-out", reason });
  }

  /** The user has changed. */
  update(user: User): void {
    if (!this.#grant || !this.#isSignedIn(user.id)) return;
    this.#grant = { ...this.#grant, user };
    this.#set({ status: "signed-in", user });
  }

  #begin(grant: Grant): void {
    this.#turnTo(grant);
    this.tabs.mark(grant.user.id);
    this.#set({ status: "signed-in", user: grant.user });
  }

  /** Somebody has come, or gone; what is on its way for those before counts no more. */
  #turnTo(grant: Grant | null): void {
    this.#turn += 1;
    this.#grant = grant;
    this.#renewing = null;
  }

  #renewed(rejected: string | null): Promise<void> {
    const turn = this.#turn;
    this.#renewing ??= this.tabs
      .oneAtATime(() => this.#renewNow(turn, rejected))
      .finally(() => {
        if (turn === this.#turn) this.#renewing = null;
      });
    return this.#renewing;
  }

  async #renewNow(turn: number, rejected: string | null): Promise<void> {
    // Who signed in while this waited has a token, and who was signed out needs none.
    if (turn !== this.#turn) return;
    const offered = await this.tabs.ask(rejected);
    const isOurs = offered?.user.id === this.tabs.marked();
    const grant = offered && isOurs ? offered : await this.renew();
    // Meanwhile another tab may have ended it all, or brought somebody else.
    if (turn !== this.#turn) return;
    if (grant) this.#begin(grant);
    else this.end("expired");
  }

  /** Another tab has signed somebody in, or everybody out. */
  #follow(userId: string | null): void {
    if (userId !== null && userId === this.#grant?.user.id) return;
    this.#turnTo(null);
    if (userId === null) {
      this.#set({ status: "signed-out", reason: "left" });
    } else {
      this.#set({ status: "restoring" });
      void this.restore();
    }
  }

  /** Whether there is a token that can be sent, and is not the one that was refused. */
  #holds(rejected: string | undefined): boolean {
    return this.#grant !== null && this.#grant.token !== rejected && isFresh(this.#grant);
  }

  #isSignedIn(userId: string): boolean {
    return this.#state.status === "signed-in" && this.#state.user.id === userId;
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
    const isRefused = error instanceof Problem && (error.status === 401 || error.kind === DISABLED);
    if (isRefused || error instanceof NotSignedIn) return null;
    throw error;
  }
}
