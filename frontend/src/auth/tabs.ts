/** The other tabs of this browser. Tokens are handed from tab to tab, and never written down. */
import { type Grant, isFresh } from "./grant";
import { mark, marked, onMark } from "./mark";

/** Held by the tab that gets a token or signs somebody in, so that they do so one after the other. */
const TURN = "todo.turn";
/** Held by every open tab, so that a tab knows how many others there are. */
const OPEN = "todo.open";
/** How long to wait for the others' answers, in milliseconds: a tab that sleeps gives none. */
const PATIENCE = 1_000;

type Message =
  | { readonly ask: string; readonly rejected: string | null }
  | { readonly to: string; readonly grant: Grant | null };

export interface Tabs {
  marked(): string | null;
  mark(userId: string | null): void;
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
  let last: Promise<unknown> = Promise.resolve();

  async function others(): Promise<number> {
    const { held = [] } = (await locks?.query()) ?? {};
    return held.filter((lock) => lock.name === OPEN).length - 1;
  }

  return {
    marked,
    mark,
    onMark,
    async oneAtATime(work) {
      if (locks) return await locks.request(TURN, work);
      const mine = last.then(work);
      last = mine.catch(() => {});
      return await mine;
    },
    async ask(rejected) {
      let silent = await others();
      if (silent <= 0) return null;
      return await new Promise((resolve) => {
        const done = (grant: Grant | null) => {
          clearTimeout(timer);
          channel.removeEventListener("message", hear);
          resolve(grant);
        };
        const hear = ({ data }: MessageEvent<Message>) => {
          if (!("to" in data) || data.to !== me) return;
          silent -= 1;
          if (data.grant || silent === 0) done(data.grant);
        };
        const timer = setTimeout(() => done(null), PATIENCE);
        channel.addEventListener("message", hear);
        channel.postMessage({ ask: me, rejected } satisfies Message);
      });
    },
    offer(current) {
      channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
        if (!("ask" in data)) return;
        const grant = current();
        const isGood = grant !== null && grant.token !== data.rejected && isFresh(grant);
        channel.postMessage({ to: data.ask, grant: isGood ? grant : null } satisfies Message);
      });
    },
  };
}
