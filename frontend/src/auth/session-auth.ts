import type { SessionState } from "./auth";
import type { Grant } from "./grant";
import { Session } from "./session";
import type { Tabs } from "./tabs";

/** What is the same in every way in: who is signed in, and the token to show for it. */
export abstract class SessionAuth {
  protected readonly session: Session;

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

  accessToken(rejected?: string): Promise<string | null> {
    return this.session.accessToken(rejected);
  }
}
