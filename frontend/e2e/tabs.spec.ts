import type { BrowserContext, Page } from "@playwright/test";

import { Caller } from "./support/api.ts";
import { stopTime } from "./support/clock.ts";
import { holdMessages, message } from "./support/messages.ts";
import { expect, logIn, logOut, register, test, titles, untilLoaded } from "./support/test.ts";

/** Another tab of the browser, at the tasks. */
async function anotherTab(context: BrowserContext): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto("/tasks");
  await expect(titles(tab)).toHaveText(["Visit Charles"]);
  await untilLoaded(tab);
  return tab;
}

test.beforeEach(async ({ page, ada, api }) => {
  await api.create({ title: "Visit Charles" });
  await logIn(page, ada);
  await untilLoaded(page);
});

/** What is Ada's on the page, seen or not. */
async function ofAda(tab: Page): Promise<readonly string[]> {
  return (await tab.content()).match(/Visit Charles|Ada Lovelace/g) ?? [];
}

/** Watches the page; the answer tells whether anything of Ada's has come up since, even for a moment. */
async function watchForAda(tab: Page): Promise<() => Promise<boolean>> {
  const watch = await tab.evaluateHandle(() => {
    const seen = { ada: false };
    new MutationObserver(() => {
      seen.ada ||= /Visit Charles|Ada Lovelace/.test(document.body.innerHTML);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
    return seen;
  });
  return async () => (await watch.jsonValue()).ada;
}

/** Sees to it that nothing on the screen, nor behind it, is Ada's. */
async function expectNothingOfAda(tab: Page): Promise<void> {
  await expect(tab).toHaveURL(/\/login\?reason=left$/);
  await expect(tab.getByText("You are logged out.")).toBeVisible();
  expect(await ofAda(tab)).toEqual([]);
}

test("logging out in one tab ends the others and clears their screens", async ({
  page,
  context,
}) => {
  const other = await anotherTab(context);
  await other.getByRole("button", { name: "Edit “Visit Charles”" }).click();
  await logOut(page);
  await expectNothingOfAda(page);
  await expectNothingOfAda(other);
});

test("the way back shows nothing of who has logged out", async ({ page }) => {
  await page.getByRole("link", { name: "Pending" }).click();
  await expect(page).toHaveURL(/status=pending$/);
  await logOut(page);
  const isAdaSeen = await watchForAda(page);
  await page.goBack();
  await expectNothingOfAda(page);
  expect(await isAdaSeen()).toBe(false);
});

test("messages about tasks leave with the user", async ({ page, context }) => {
  const [completing, deleting] = [await anotherTab(context), await anotherTab(context)];
  for (const tab of [completing, deleting]) await holdMessages(tab);
  await completing.getByRole("link", { name: "Pending" }).click();
  await completing.getByRole("checkbox", { name: "Complete “Visit Charles”" }).click();
  await expect(message(completing, "“Visit Charles” is completed.")).toBeVisible();
  await deleting.getByRole("button", { name: "Delete “Visit Charles”" }).click();
  await expect(message(deleting, "“Visit Charles” is deleted.")).toBeVisible();
  await logOut(page);
  await expectNothingOfAda(completing);
  await expectNothingOfAda(deleting);
});

test("a deletion that could not be told any more takes nothing from the next user", async ({
  page,
  context,
  server,
  ada,
}) => {
  const grace = await register(server, "Grace Hopper");
  await (await Caller.of(server, grace)).create({ title: "Find the moth" });
  const other = await anotherTab(context);
  await holdMessages(other);
  await other.getByRole("button", { name: "Delete “Visit Charles”" }).click();
  await logOut(page);
  await logIn(page, grace);
  await expect(titles(other)).toHaveText(["Find the moth"]);
  await expect(other.getByRole("link", { name: "All" })).toHaveText("All1");

  await logOut(page);
  await logIn(page, ada);
  await expect(titles(other)).toHaveText(["Visit Charles"]);
});

test("somebody else who logs in in one tab is whom the others show", async ({
  page,
  context,
  server,
}) => {
  const grace = await register(server, "Grace Hopper");
  const other = await anotherTab(context);
  await logOut(other);
  await expectNothingOfAda(page);
  const isAdaSeen = await watchForAda(page);
  await logIn(other, grace);
  await expect(page.getByRole("button", { name: "Account of Grace Hopper" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  expect(await ofAda(page)).toEqual([]);
  expect(await isAdaSeen()).toBe(false);
});

test("a tab that opens while another is signed in needs no request for a token", async ({
  context,
}) => {
  const asked: string[] = [];
  context.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await stopTime(context);
  await anotherTab(context);
  expect(asked).toContain("/api/v1/tasks");
  expect(asked).not.toContain("/api/v1/auth/refresh");
});
