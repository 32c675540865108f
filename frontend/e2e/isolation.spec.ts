import type { Page } from "@playwright/test";

import { Caller } from "./support/api.ts";
import {
  addTasks,
  expect,
  filter,
  logIn,
  logOut,
  type Person,
  register,
  test,
  titles,
  untilLoaded,
} from "./support/test.ts";

const SECRET = "Ada's letter to Babbage";

/** Logs a newcomer in on the page that is there, without loading it again. */
async function logInHere(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
}

test("two people at one server see their own tasks alone", async ({
  page,
  ada,
  server,
  browser,
}) => {
  const bob = await register(server, "Bob");
  const other = await browser.newContext({ baseURL: server.url });
  const bobsPage = await other.newPage();
  await logIn(page, ada);
  await logIn(bobsPage, bob);
  await addTasks(page, SECRET);
  await addTasks(bobsPage, "Bob's tax return");
  for (const [theirs, own] of [
    [page, SECRET],
    [bobsPage, "Bob's tax return"],
  ] as const) {
    await theirs.reload();
    await expect(titles(theirs)).toHaveText([own]);
    await expect(theirs.getByRole("link", { name: "All 1" })).toBeVisible();
  }
  await other.close();
});

test("who logs in on the same page sees nothing of who was there before", async ({
  page,
  ada,
  server,
}) => {
  const bob = await register(server, "Bob");
  await logIn(page, ada);
  await untilLoaded(page);
  await addTasks(page, SECRET);
  await logOut(page);
  await expect(page.getByText(SECRET)).toHaveCount(0);
  await page.evaluate(watchFor, SECRET);
  await logInHere(page, bob);
  // All on one and the same document, so nothing was cleared by loading it again.
  expect(await page.evaluate(() => document.documentElement.dataset.seen)).toBe("no");
});

/** Notes whether the text is shown from now on, and be it for a moment. */
function watchFor(text: string) {
  const { dataset } = document.documentElement;
  dataset.seen = "no";
  new MutationObserver(() => {
    if (document.body.textContent.includes(text)) dataset.seen = "yes";
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}

test("the way back leads to nothing of who has logged out", async ({ page, ada, server }) => {
  const bob = await register(server, "Bob");
  await logIn(page, ada);
  await addTasks(page, SECRET);
  await filter(page, "Pending").click();
  await filter(page, "Completed").click();
  await logOut(page);
  await page.goBack();
  await expect(page.getByRole("button", { name: "Log in" })).toBeVisible();
  await expect(page.getByText(SECRET)).toHaveCount(0);

  await logInHere(page, bob);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  await expect(page.getByText(SECRET)).toHaveCount(0);
});

test.describe("calls that the page makes", () => {
  test.use({ complaints: /status of 404/ });

  test("another's task is not there, whatever the page asks of it", async ({
    page,
    ada,
    server,
  }) => {
    const bob = await register(server, "Bob");
    const bobs = await Caller.of(server, bob);
    const [id] = await bobs.create({ title: "Bob's tax return" });
    const asked = page.waitForRequest(/\/api\/v1\/tasks\?/);
    await logIn(page, ada);
    const headers = { authorization: (await (await asked).allHeaders()).authorization ?? "" };

    for (const [method, path, body] of [
      ["GET", `tasks/${id}`, null],
      ["PUT", `tasks/${id}`, '{"title": "Mine"}'],
      ["PATCH", `tasks/${id}/complete`, null],
      ["DELETE", `tasks/${id}`, null],
    ] as const) {
      const init = { method, body, headers: { ...headers, "content-type": "application/json" } };
      const ask = async ({ path, init }: { path: string; init: RequestInit }) =>
        (await fetch(`/api/v1/${path}`, init)).status;
      expect(await page.evaluate(ask, { path, init }), `${method} of another's task`).toBe(404);
    }
    expect(await bobs.tasks()).toMatchObject([{ title: "Bob's tax return", completed: false }]);
  });
});
