import type { BrowserContext, Page } from "@playwright/test";

import { holdMessages, message } from "./support/messages.ts";
import { taskSaved } from "./support/requests.ts";
import type { Server } from "./support/server.ts";
import { expect, logIn, test, titles, untilLoaded } from "./support/test.ts";

test.use({ complaints: /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|FAILED|EMPTY_RESPONSE)/ });

interface World {
  readonly context: BrowserContext;
  readonly server: Server;
}

const OUTAGES = [
  {
    name: "a device that is offline",
    why: "You are offline.",
    begin: ({ context }: World) => context.setOffline(true),
    end: ({ context }: World) => context.setOffline(false),
  },
  {
    name: "a server that is down",
    why: "The server cannot be reached.",
    begin: ({ server }: World) => server.kill(),
    end: ({ server }: World) => server.start(),
  },
];

const task = (page: Page, title: string) =>
  page.getByRole("checkbox", { name: `Complete “${title}”` });
const banner = (page: Page, why: string) =>
  page.getByText(`${why} This is the list as it was last seen`);

test.beforeEach(async ({ page, ada, api }) => {
  await api.create({ title: "Three" }, { title: "Two" }, { title: "One" });
  await logIn(page, ada);
  await expect(titles(page)).toHaveText(["One", "Two", "Three"]);
  await untilLoaded(page);
});

for (const { name, why, begin, end } of OUTAGES) {
  test.describe(name, () => {
    test.beforeEach(async ({ context, server }) => await begin({ context, server }));

    test("leaves what was loaded, and the way it is looked at", async ({ page }) => {
      await page.getByRole("link", { name: "Pending" }).click();
      await expect(banner(page, why)).toBeVisible();
      await expect(titles(page)).toHaveText(["One", "Two", "Three"]);
      await page.getByRole("link", { name: "Completed" }).click();
      await expect(page.getByRole("heading", { name: "Nothing completed yet" })).toBeVisible();
    });

    test("keeps nothing completed that is not saved", async ({ page }) => {
      await task(page, "Two").click();
      await expect(message(page, "“Two” is as it was. The server cannot be")).toBeVisible();
      await expect(task(page, "Two")).not.toBeChecked();
      await expect(page.getByRole("link", { name: "Completed" })).toHaveText("Completed0");
    });

    test("gives a new task back to the line it was written in", async ({ page }) => {
      const line = page.getByLabel("New task");
      await line.fill("Four");
      await line.press("Enter");
      await expect(message(page, "“Four” is not added. The server cannot be")).toBeVisible();
      await expect(titles(page)).toHaveText(["One", "Two", "Three"]);
      await expect(line).toHaveValue("Four");
    });

    test("gives an edit back to be saved later", async ({ page, context, server }) => {
      await holdMessages(page);
      const editor = page.getByRole("form", { name: "Edit “Two”" });
      await page.getByRole("button", { name: "Edit “Two”" }).click();
      await editor.getByLabel("Title").fill("Two and a half");
      await editor.getByRole("button", { name: "Save" }).click();
      await expect(titles(page)).toHaveText(["One", "Two", "Three"]);
      await message(page, "Your edit is not saved.")
        .getByRole("button", { name: "Edit again" })
        .click();
      await expect(editor.getByLabel("Title")).toHaveValue("Two and a half");

      await end({ context, server });
      const saved = taskSaved(page, "PUT");
      await editor.getByRole("button", { name: "Save" }).click();
      await expect(page.getByRole("button", { name: "Edit “Two and a half”" })).toBeVisible();
      await saved;
      await page.reload();
      await expect(titles(page)).toHaveText(["One", "Two and a half", "Three"]);
    });

    test("brings a task back that could not be deleted", async ({ page }) => {
      await holdMessages(page);
      await page.getByRole("button", { name: "Delete “Two”" }).click();
      await expect(titles(page)).toHaveText(["One", "Three"]);
      await message(page, "“Two” is deleted.").getByRole("button", { name: "Dismiss" }).click();
      await expect(message(page, "“Two” is not deleted. The server cannot be")).toBeVisible();
      await expect(titles(page)).toHaveText(["One", "Two", "Three"]);
    });

    test("is over without a reload", async ({ page, context, server, api }) => {
      await task(page, "Two").click();
      await expect(banner(page, why)).toBeVisible();
      await end({ context, server });
      await expect(banner(page, why)).toHaveCount(0);
      await task(page, "Two").click();
      await page.getByLabel("New task").fill("Four");
      await page.keyboard.press("Enter");
      await expect.poll(() => api.titles()).toEqual(["Four", "One", "Two", "Three"]);
      await expect(titles(page)).toHaveText(["Four", "One", "Two", "Three"]);
      await expect(task(page, "Two")).toBeChecked();
    });
  });
}

test("a page that opens while the server is away goes on when it is back", async ({ page }) => {
  await page.route("**/api/**", (route) => route.abort());
  await page.reload();
  const away = page.getByRole("alert").filter({ hasText: "The server cannot be reached" });
  await expect(away).toBeVisible();
  await expect(titles(page)).toHaveCount(0);
  await page.unroute("**/api/**");
  await expect(titles(page)).toHaveText(["One", "Two", "Three"]);
  await expect(away).toHaveCount(0);
});

test("trying now, in vain, leaves what is said and the focus where they are", async ({ page }) => {
  await page.route("**/api/**", (route) => route.abort());
  await page.reload();
  const alert = page.getByRole("alert").filter({ hasText: "The server cannot be reached" });
  const said = await alert.elementHandle();
  const tryNow = page.getByRole("button", { name: "Try now" });
  await tryNow.focus();
  const tried = page.waitForEvent("requestfailed");
  await page.keyboard.press("Enter");
  await tried;
  await expect(tryNow).toBeEnabled();
  await expect(tryNow).toBeFocused();
  expect(await said?.isVisible()).toBe(true);
});
