// @vitest-environment jsdom
import { act, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import { Unreachable } from "@/api/problem";
import { later } from "@/testing/later";
import { ada, api, load, milk, show } from "@/testing/tasks";
import { Dashboard } from "./dashboard";
import type { TaskPage } from "./task-api";

vi.mock("./tasks-context", () => ({ useTasks: () => ({ api, user: ada }) }));
vi.mock("@/auth", () => ({ auth: () => ({ state: { status: "signed-in", user: ada } }) }));
vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: vi.fn() }),
  useSearchParams: () => new URLSearchParams(),
}));

/** The end of the list is always in sight. */
class Sight implements Pick<IntersectionObserver, "observe" | "disconnect"> {
  constructor(private readonly seen: (entries: readonly { isIntersecting: boolean }[]) => void) {}
  observe() {
    this.seen([{ isIntersecting: true }]);
  }
  disconnect() {}
}

const cat = { ...milk, id: 2, title: "Feed the cat" };
const oatMilk = { ...milk, title: "Buy oat milk" };
const FIRST = null;

beforeEach(() => {
  vi.stubGlobal("IntersectionObserver", Sight);
  api.counts.mockResolvedValue({ all: 2, pending: 2, completed: 0 });
});

/** The dashboard with a first page that is being asked for again; the second one is there at once. */
function showAgain() {
  load([milk], "second");
  const again = later<TaskPage>();
  api.list.mockImplementation(async (_view, cursor) =>
    cursor === FIRST ? await again.promise : { tasks: [cat], next: null },
  );
  show(<Dashboard />);
  return again;
}

test("the next page waits until what is loaded has been asked for again", async () => {
  const again = showAgain();
  expect(api.list.mock.calls.map(([, cursor]) => cursor)).toEqual([FIRST]);
  await act(async () => again.give({ tasks: [oatMilk], next: "second" }));
  await screen.findByLabelText("Edit “Buy oat milk”");
  await screen.findByLabelText("Edit “Feed the cat”");
});

test("the next page is not asked for while nobody knows what the list is", async () => {
  const again = showAgain();
  await act(async () => again.fail(new Unreachable(null)));
  await screen.findByText("The server cannot be reached.");
  expect(api.list).toHaveBeenCalledOnce();
});

test("a click on Show more drops nothing that is being asked for", async () => {
  const again = showAgain();
  await act(async () => screen.getByText("Show more").click());
  await act(async () => again.give({ tasks: [oatMilk], next: "second" }));
  await screen.findByLabelText("Edit “Buy oat milk”");
  await waitFor(() => screen.getByLabelText("Edit “Feed the cat”"));
});
