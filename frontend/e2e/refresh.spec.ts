import type { BrowserContext, Page } from "@playwright/test";

import { stopTime } from "./support/clock.ts";
import { problem, refreshes, taskSaved } from "./support/requests.ts";
import { expect, logIn, test, titles } from "./support/test.ts";

const TASKS = ["One", "Two", "Three"];

/** Further tabs, so that there are three. */
async function threeTabs(page: Page, context: BrowserContext): Promise<Page[]> {
  const tabs = [page, await context.newPage(), await context.newPage()];
  for (const tab of tabs.slice(1)) {
    await tab.goto("/tasks");
    await expect(titles(tab)).toHaveText([...TASKS].reverse());
  }
  return tabs;
}

/** Completes a task in each tab, all at once, and waits until the server has done it. */
async function completeOneInEach(tabs: readonly Page[]): Promise<void> {
  const saved = tabs.map((tab) => taskSaved(tab, "PATCH"));
  const box = (tab: Page, title = "") =>
    tab.getByRole("checkbox", { name: `Complete “${title}”` }).check();
  await Promise.all(tabs.map((tab, index) => box(tab, TASKS[index])));
  await Promise.all(saved);
}

/** Watches the tokens that tasks are asked for with; the answer makes the API refuse those. */
async function watchTokens(context: BrowserContext): Promise<() => void> {
  const seen = new Set<string>();
  let refused: ReadonlySet<string> = new Set();
  await context.route(/\/api\/v1\/tasks/, async (route) => {
    const token = route.request().headers().authorization ?? "";
    seen.add(token);
    if (!refused.has(token)) return await route.continue();
    await route.fulfill(problem(401, "invalid-token", "Log in again."));
  });
  return () => {
    refused = new Set(seen);
  };
}

test.beforeEach(async ({ api }) => {
  await api.create(...TASKS.map((title) => ({ title })));
});

test("a token that is about to end is renewed once for all tabs", async ({
  page,
  context,
  ada,
}) => {
  await logIn(page, ada);
  const tabs = await threeTabs(page, context);
  const renewed = refreshes(context);
  await stopTime(context, "tomorrow");
  await completeOneInEach(tabs);
  expect(renewed).toHaveLength(1);
});

test.describe("a refused token", () => {
  test.use({ complaints: /status of 401/ });

  test("is renewed once for many calls of a tab", async ({ page, context, ada, api }) => {
    const refuse = await watchTokens(context);
    await logIn(page, ada);
    await expect(titles(page)).toHaveCount(3);
    const renewed = refreshes(context);
    refuse();
    const boxes = page.getByRole("checkbox");
    await boxes.evaluateAll((all: HTMLElement[]) => {
      for (const box of all) box.click();
    });
    const completed = async () => (await (await api.call("GET", "tasks/counts")).json()).completed;
    await expect.poll(completed).toBe(3);
    for (const box of await boxes.all()) await expect(box).toBeChecked();
    expect(renewed).toHaveLength(1);
  });

  test("is renewed once for three tabs", async ({ page, context, ada }) => {
    const refuse = await watchTokens(context);
    await logIn(page, ada);
    await stopTime(context);
    const tabs = await threeTabs(page, context);
    const renewed = refreshes(context);
    refuse();
    await completeOneInEach(tabs);
    expect(renewed).toHaveLength(1);
  });
});
