// Changes that are not saved yet when the user goes, or the page.
import type { Page } from "@playwright/test";

import { keepWaiting } from "./support/requests.ts";
import { expect, logIn, pickLogOut, test, titles } from "./support/test.ts";

test.beforeEach(async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk" });
  await logIn(page, ada);
  await expect(titles(page)).toHaveText(["Buy milk"]);
});

/** Writes two tasks down, of which neither is saved; the answer lets them be saved. */
async function writeTwo(page: Page): Promise<() => Promise<void>> {
  const answer = await keepWaiting(page, /\/tasks$/);
  for (const title of ["Call Ada", "Feed the cat"]) {
    await page.getByLabel("New task").fill(title);
    await page.getByLabel("New task").press("Enter");
  }
  await expect(titles(page)).toHaveText(["Feed the cat", "Call Ada", "Buy milk"]);
  return answer;
}

test("what has been changed is saved even if the page is reloaded at once", async ({
  page,
  api,
}) => {
  await page.getByRole("checkbox", { name: "Complete “Buy milk”" }).click();
  await page.reload();
  await expect.poll(async () => (await api.tasks())[0]?.completed).toBe(true);
});

test("who closes the tab while a task has not even been sent is asked", async ({ page, api }) => {
  const answer = await writeTwo(page);
  const question = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await question;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await answer();
  await expect.poll(() => api.titles()).toEqual(["Feed the cat", "Call Ada", "Buy milk"]);
});

test("who logs out leaves nothing behind that is not saved", async ({ page, api }) => {
  const answer = await writeTwo(page);
  await pickLogOut(page);
  await answer();
  await expect(page.getByText("You are logged out.")).toBeVisible();
  expect(await api.titles()).toEqual(["Feed the cat", "Call Ada", "Buy milk"]);
});
