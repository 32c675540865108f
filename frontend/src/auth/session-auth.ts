import { type Api, apiFor, type TokenSource } from "@/api/client";
import { NotSignedIn } from "@/api/problem";
import type { SessionState, User } from "./auth";
import type { Grant } from "./grant";
import { Session } from "./session";
import type { Tabs } from "./tabs";

/** What is the same in every way in: who is signed in, and the calls in their name. */
export abstract class SessionAuth {
  protected readonly session: Session;
  #leaving: Promise<void> | null = null;

  /** `renew` gets a new token, or null if the session has ended; it throws if nobody can tell. */
  constructor(tabs: Tabs, renew: () => Promise<Grant | null>) {
    this.session = new Session(tabs, renew);
  }

  get state(): SessionState {
    return this.session.state;
  }

  subscribe(listener: () => void): () => void {
    return this.session.subscribe(listener);
  }

  restore(): Promise<void> {
    return this.session.restore();
  }

  tokensOf(user: User): TokenSource {
    return this.session.tokensOf(user.id);
  }

  /** Once, however often it is asked for. */
  logOut(): Promise<void> {
    this.#leaving ??= this.leave(this.user()).finally(() => {
      this.#leaving = null;
    });
    return this.#leaving;
  }

  /** Ends the session of this user at the server, and then here. */
  protected abstract leave(user: User): Promise<void>;

  /** Whoever is signed in now. */
  protected user(): User {
    if (this.state.status !== "signed-in") throw new NotSignedIn();
    return this.state.user;
  }

  /** Calls in the name of whoever is signed in now. */
  protected api(): Api {
    return apiFor(this.tokensOf(this.user()));
  }
}
