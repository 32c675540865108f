/**
 * The other tabs of this browser.
 *
 * Who is signed in is written down for all of them (the user's id, no secret), so that a tab notices
 * when another one signs in or out. Tokens are handed from tab to tab and never written down.
 */
import { type Grant, isFresh } from "./grant";

/** Holds the id of the user who is signed in in this browser. */
const MARK = "todo.user";
/** Held by the tab that gets a new token, so that they do so one after the other. */
const RENEWING = "todo.renewing";
/** Held by every open tab, so that a tab knows whether it is alone. */
const OPEN = "todo.open";
/** How long to wait for another tab's answer, in milliseconds: one that sleeps gives none. */
const PATIENCE = 250;

type Message =
  | { readonly ask: string; readonly rejected: string | null }
  | { readonly to: string; readonly grant: Grant };

export interface Tabs {
  /** Who is signed in in this browser, as far as the tabs know; null for nobody. */
  marked(): string | null;
  mark(userId: string | null): void;
  /** Calls `listener` when another tab has marked somebody else, or nobody. */
  onMark(listener: (userId: string | null) => void): void;
  /** Runs `work` while no other tab runs theirs. */
  oneAtATime<T>(work: () => Promise<T>): Promise<T>;
  /** A token that another tab has and that still holds, unless it is `rejected`. */
  ask(rejected: string | null): Promise<Grant | null>;
  /** What to answer other tabs with. */
  offer(current: () => Grant | null): void;
}

/** The tabs as browsers know them. Where locks are missing (plain HTTP), each tab is on its own. */
export function browserTabs(): Tabs {
  const channel = new BroadcastChannel("todo.session");
  const locks = navigator.locks as LockManager | undefined;
  const me = crypto.getRandomValues(new Uint32Array(2)).join("-");
  void locks?.request(OPEN, { mode: "shared" }, () => new Promise(() => {}));

  async function isAlone(): Promise<boolean> {
    const { held = [] } = (await locks?.query()) ?? {};
    return held.filter((lock) => lock.name === OPEN).length <= 1;
  }

  return {
    marked: () => stored(() => localStorage.getItem(MARK)),
    mark(userId) {
      stored(() => {
        if (userId === null) localStorage.removeItem(MARK);
        else localStorage.setItem(MARK, userId);
        return null;
      });
    },
    onMark(listener) {
      window.addEventListener("storage", (event) => {
        // `key` is null when all of the storage was cleared.
        if (event.key === MARK || event.key === null) listener(event.newValue);
      });
      // A page that was put aside has missed what happened meanwhile.
      window.addEventListener("pageshow", (event) => {
        if (event.persisted) listener(this.marked());
      });
    },
    async oneAtATime(work) {
      return locks ? await locks.request(RENEWING, work) : await work();
    },
    async ask(rejected) {
      if (await isAlone()) return null;
      return await new Promise((resolve) => {
        const done = (grant: Grant | null) => {
          clearTimeout(timer);
          channel.removeEventListener("message", hear);
          resolve(grant);
        };
        const hear = ({ data }: MessageEvent<Message>) => {
          if ("to" in data && data.to === me) done(data.grant);
        };
        const timer = setTimeout(() => done(null), PATIENCE);
        channel.addEventListener("message", hear);
        channel.postMessage({ ask: me, rejected } satisfies Message);
      });
    },
    offer(current) {
      channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
        const grant = current();
        if ("ask" in data && grant && grant.token !== data.rejected && isFresh(grant)) {
          channel.postMessage({ to: data.ask, grant } satisfies Message);
        }
      });
    },
  };
}

/** Browsers may forbid storage: then a tab is on its own, and a reload signs out. */
function stored(access: () => string | null): string | null {
  try {
    return access();
  } catch {
    return null;
  }
}
