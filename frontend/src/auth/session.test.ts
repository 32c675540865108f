import { beforeEach, describe, expect, test, vi } from "vitest";

import { Unreachable } from "@/api/problem";
import type { Grant } from "./grant";
import { Session } from "./session";
import type { Tabs } from "./tabs";

const ada = { id: "ada", email: "ada@example.com", name: "Ada" };

/** A token of Ada's that holds for so many milliseconds. */
function grant(token: string, lifetime = 60_000): Grant {
  return { token, expiresAt: Date.now() + lifetime, user: ada };
}

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
    expect(await session.accessToken()).toBe("from the other tab");
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
});

describe("a token", () => {
  test("is got once, however many calls were refused", async () => {
    const renew = vi.fn(async () => grant("two"));
    const session = new Session(tabs, renew);
    session.begin(grant("one"));
    const got = await Promise.all([1, 2, 3].map(() => session.accessToken("one")));
    expect(got).toEqual(["two", "two", "two"]);
    expect(renew).toHaveBeenCalledOnce();
  });

  test("is not got for a call that was refused with the one before", async () => {
    const renew = vi.fn();
    const session = new Session(tabs, renew);
    session.begin(grant("two"));
    expect(await session.accessToken("one")).toBe("two");
    expect(renew).not.toHaveBeenCalled();
  });

  test("is got before the old one has ended", async () => {
    const session = new Session(tabs, async () => grant("two"));
    session.begin(grant("one", 500));
    expect(await session.accessToken()).toBe("two");
  });

  test("is none after the session has ended", async () => {
    const session = new Session(tabs, async () => grant("two"));
    session.begin(grant("one"));
    session.end("left");
    expect(await session.accessToken()).toBeNull();
  });

  test("that comes after another tab has ended the session is thrown away", async () => {
    let arrive: (grant: Grant) => void = () => {};
    const session = new Session(tabs, () => new Promise((resolve) => (arrive = resolve)));
    session.begin(grant("one"));
    const got = session.accessToken("one");
    await vi.waitFor(() => expect(arrive).not.toBe(undefined));
    tabs.otherTab(null);
    arrive(grant("two"));
    expect(await got).toBeNull();
    expect(session.state.status).toBe("signed-out");
  });
});

describe("another tab", () => {
  test("that logs out ends the session here", () => {
    const session = new Session(tabs, async () => null);
    session.begin(grant("one"));
    tabs.otherTab(null);
    expect(session.state).toEqual({ status: "signed-out", reason: "left" });
  });

  test("that signs somebody else in brings them here, too", async () => {
    const grace = { id: "grace", email: "grace@example.com", name: "Grace" };
    const session = new Session(tabs, async () => ({ ...grant("hers"), user: grace }));
    session.begin(grant("one"));
    tabs.mark("grace");
    tabs.otherTab("grace");
    await vi.waitFor(() => expect(session.state).toEqual({ status: "signed-in", user: grace }));
  });
});
