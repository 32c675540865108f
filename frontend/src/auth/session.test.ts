import { beforeEach, describe, expect, test, vi } from "vitest";

import { NotSignedIn, Unreachable } from "@/api/problem";
import { later } from "@/testing/later";
import type { Grant } from "./grant";
import { Session } from "./session";
import type { Tabs } from "./tabs";

const ada = { id: "ada", email: "ada@example.com", name: "Ada" };
const grace = { id: "grace", email: "grace@example.com", name: "Grace" };

/** A token of Ada's that holds for so many milliseconds. */
function grant(token: string, lifetime = 60_000): Grant {
  return { token, expiresAt: Date.now() + lifetime, user: ada };
}

type Later = ReturnType<typeof later<Grant | null>>;

/** Tabs of which nothing is known but what the test says. */
class LoneTabs implements Tabs {
  mark_: string | null = null;
  offered: Grant | null = null;
  otherTab: (userId: string | null) => void = () => {};

  marked = () => this.mark_;
  mark = (userId: string | null) => {
    this.mark_ = userId;
  };
  onMark = (listener: (userId: string | null) => void) => {
    this.otherTab = listener;
  };
  oneAtATime = <T>(work: () => Promise<T>) => work();
  ask = async () => this.offered;
  offer = () => {};
}

let tabs: LoneTabs;
beforeEach(() => {
  tabs = new LoneTabs();
});

describe("restoring", () => {
  test("asks nobody where nobody was signed in", async () => {
    const renew = vi.fn();
    const session = new Session(tabs, renew);
    await session.restore();
    expect(session.state).toEqual({ status: "signed-out", reason: "never" });
    expect(renew).not.toHaveBeenCalled();
  });

  test("finds the user whose session goes on", async () => {
    tabs.mark("ada");
    const session = new Session(tabs, async () => grant("one"));
    await session.restore();
    expect(session.state).toEqual({ status: "signed-in", user: ada });
  });

  test("takes the token of another tab before it asks the server", async () => {
    tabs.mark("ada");
    tabs.offered = grant("from the other tab");
    const renew = vi.fn();
    const session = new Session(tabs, renew);
    await session.restore();
    expect(await session.tokensOf("ada").accessToken()).toBe("from the other tab");
    expect(renew).not.toHaveBeenCalled();
  });

  test("says so when a session has ended", async () => {
    tabs.mark("ada");
    const session = new Session(tabs, async () => null);
    await session.restore();
    expect(session.state).toEqual({ status: "signed-out", reason: "expired" });
    expect(tabs.marked()).toBeNull();
  });

  test("signs nobody out while the server is away, and goes on when it is back", async () => {
    tabs.mark("ada");
    const renew = vi.fn<() => Promise<Grant | null>>();
    renew.mockRejectedValueOnce(new Unreachable(null)).mockResolvedValueOnce(grant("one"));
    const session = new Session(tabs, renew);
    await session.restore();
    expect(session.state.status).toBe("unreachable");
    await session.restore();
    expect(session.state.status).toBe("signed-in");
  });

  test("shows nothing else while the server is tried again", async () => {
    tabs.mark("ada");
    const session = new Session(tabs, () => Promise.reject(new Unreachable(null)));
    await session.restore();
    const shown = new Set<string>();
    session.subscribe(() => shown.add(session.state.status));
    await session.restore();
    expect([...shown]).toEqual(["unreachable"]);
  });
});

describe("a token", () => {
  test("is got once, however many calls were refused", async () => {
    const renew = vi.fn(async () => grant("two"));
    const session = new Session(tabs, renew);
    await session.signIn(async () => grant("one"));
    const got = await Promise.all([1, 2, 3].map(() => session.tokensOf("ada").accessToken("one")));
    expect(got).toEqual(["two", "two", "two"]);
    expect(renew).toHaveBeenCalledOnce();
  });

  test("is not got for a call that was refused with the one before", async () => {
    const renew = vi.fn();
    const session = new Session(tabs, renew);
    await session.signIn(async () => grant("two"));
    expect(await session.tokensOf("ada").accessToken("one")).toBe("two");
    expect(renew).not.toHaveBeenCalled();
  });

  test("is got before the old one has ended", async () => {
    const session = new Session(tabs, async () => grant("two"));
    await session.signIn(async () => grant("one", 500));
    expect(await session.tokensOf("ada").accessToken()).toBe("two");
  });

  test("is none after the session has ended", async () => {
    const session = new Session(tabs, async () => grant("two"));
    await session.signIn(async () => grant("one"));
    session.end("left");
    await expect(session.tokensOf("ada").accessToken()).rejects.toBeInstanceOf(NotSignedIn);
  });

  test("that comes after another tab has ended the session is thrown away", async () => {
    const late = later<Grant | null>();
    const session = new Session(tabs, () => late.promise);
    await session.signIn(async () => grant("one"));
    const got = session.tokensOf("ada").accessToken("one");
    tabs.otherTab(null);
    late.give(grant("two"));
    await expect(got).rejects.toBeInstanceOf(NotSignedIn);
    expect(session.state.status).toBe("signed-out");
  });

  test("is never one of somebody who has signed in since", async () => {
    const session = new Session(tabs, async () => grant("one"));
    await session.signIn(async () => grant("one"));
    const adas = session.tokensOf("ada");
    await session.signIn(async () => ({ ...grant("hers"), user: grace }));
    await expect(adas.accessToken()).rejects.toBeInstanceOf(NotSignedIn);
    await expect(adas.accessToken("one")).rejects.toBeInstanceOf(NotSignedIn);
    expect(await session.tokensOf("grace").accessToken()).toBe("hers");
  });
});

describe("an answer that comes late", () => {
  test.each([
    ["that the session of the one before goes on", (late: Later) => late.give(grant("one"))],
    ["that it has ended", (late: Later) => late.give(null)],
    ["that nobody can tell", (late: Later) => late.fail(new Unreachable(null))],
  ])("(%s) leaves who has signed in meanwhile alone", async (_what, arrive) => {
    tabs.mark("ada");
    const late = later<Grant | null>();
    const session = new Session(tabs, () => late.promise);
    const restored = session.restore();
    await session.signIn(async () => ({ ...grant("hers"), user: grace }));
    arrive(late);
    await restored;
    expect(session.state).toEqual({ status: "signed-in", user: grace });
    expect(tabs.marked()).toBe("grace");
  });

  test("about a user changes nothing of the one who came after them", async () => {
    const session = new Session(tabs, async () => null);
    await session.signIn(async () => ({ ...grant("hers"), user: grace }));
    session.update({ ...ada, name: "Countess" });
    session.end("deleted", "ada");
    expect(session.state).toEqual({ status: "signed-in", user: grace });
  });
});

describe("another tab", () => {
  test.each([
    ["goes on", (late: Later) => late.give(grant("one"))],
    ["has ended", (late: Later) => late.give(null)],
    ["is away", (late: Later) => late.fail(new Unreachable(null))],
  ])("brings somebody else, while the session of the one before %s", async (_what, arrive) => {
    tabs.mark("ada");
    const late = later<Grant | null>();
    const renew = vi.fn().mockReturnValueOnce(late.promise);
    renew.mockResolvedValueOnce({ ...grant("hers"), user: grace });
    const session = new Session(tabs, renew);
    void session.restore();
    tabs.mark("grace");
    tabs.otherTab("grace");
    arrive(late);
    await vi.waitFor(() => expect(session.state).toEqual({ status: "signed-in", user: grace }));
  });

  test("logs out, while this one waits for its turn to get a token", async () => {
    const session = new Session(tabs, async () => null);
    await session.signIn(async () => grant("one"));
    const turn = later<void>();
    tabs.oneAtATime = (work) => turn.promise.then(work);
    const got = session.tokensOf("ada").accessToken("one");
    tabs.otherTab(null);
    turn.give();
    await expect(got).rejects.toBeInstanceOf(NotSignedIn);
    expect(session.state).toEqual({ status: "signed-out", reason: "left" });
  });

  test("that logs out ends the session here", async () => {
    const session = new Session(tabs, async () => null);
    await session.signIn(async () => grant("one"));
    tabs.otherTab(null);
    expect(session.state).toEqual({ status: "signed-out", reason: "left" });
  });

  test("that signs somebody else in brings them here, too", async () => {
    const session = new Session(tabs, async () => ({ ...grant("hers"), user: grace }));
    await session.signIn(async () => grant("one"));
    tabs.mark("grace");
    tabs.otherTab("grace");
    await vi.waitFor(() => expect(session.state).toEqual({ status: "signed-in", user: grace }));
  });
});
