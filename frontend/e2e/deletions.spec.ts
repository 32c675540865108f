import type { Page } from "@playwright/test";

import { holdMessages, message } from "./support/messages.ts";
import { taskSaved } from "./support/requests.ts";
import { expect, filter, logIn, logOut, test, titles, untilLoaded } from "./support/test.ts";

const MILK_IS_DELETED = "“Buy milk” is deleted.";

test.beforeEach(async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk" }, { title: "Feed the cat" });
  await logIn(page, ada);
  await untilLoaded(page);
});

/** Deletes the task “Buy milk”, of which the message stays until the answer is called. */
async function deleteMilk(page: Page): Promise<() => Promise<void>> {
  const letGo = await holdMessages(page);
  await page.getByRole("button", { name: "Delete “Buy milk”" }).click();
  await expect(message(page, MILK_IS_DELETED)).toBeVisible();
  await expect(titles(page)).toHaveText(["Feed the cat"]);
  return letGo;
}

test("the message undoes a deletion, of which the server is never told", async ({ page, api }) => {
  const told: string[] = [];
  page.on("request", (request) => told.push(request.method()));
  await deleteMilk(page);
  await expect(filter(page, "All")).toHaveText("All1");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(titles(page)).toHaveText(["Feed the cat", "Buy milk"]);
  await expect(filter(page, "All")).toHaveText("All2");
  await expect(message(page, MILK_IS_DELETED)).toBeHidden();
  await page.reload();
  await expect(titles(page)).toHaveText(["Feed the cat", "Buy milk"]);
  expect(told).not.toContain("DELETE");
  expect(await api.titles()).toContain("Buy milk");
});

test("the key z undoes the last deletion", async ({ page }) => {
  await deleteMilk(page);
  await page.getByRole("button", { name: "Delete “Feed the cat”" }).click();
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  await page.getByRole("heading", { name: "Tasks" }).click();
  await page.keyboard.press("z");
  await expect(titles(page)).toHaveText(["Feed the cat"]);
  await page.keyboard.press("z");
  await expect(titles(page)).toHaveText(["Feed the cat", "Buy milk"]);
});

test("however many are deleted in a row, each can be undone", async ({ page, api }) => {
  const told: string[] = [];
  page.on("request", (request) => told.push(request.method()));
  await api.create({ title: "Call Ada" }, { title: "Water the plants" }, { title: "Sweep" });
  await page.reload();
  await expect(titles(page)).toHaveCount(5);
  await holdMessages(page);
  await page.getByRole("checkbox").first().focus();
  for (const left of [4, 3, 2, 1, 0]) {
    await page.keyboard.press("d");
    await expect(titles(page)).toHaveCount(left);
  }
  const messages = message(page, "is deleted.").filter({ visible: true });
  await expect(messages).toHaveCount(3);
  await page.getByRole("heading", { name: "Tasks" }).click();
  for (const [back, shown] of [
    [1, 3],
    [2, 3],
    [3, 2],
    [4, 1],
    [5, 0],
  ] as const) {
    await page.keyboard.press("z");
    await expect(titles(page)).toHaveCount(back);
    await expect(messages).toHaveCount(shown);
  }
  expect(told).not.toContain("DELETE");
});

test("the server is told when the message has gone by itself", async ({ page, api }) => {
  const letGo = await deleteMilk(page);
  expect(await api.titles()).toContain("Buy milk");
  const saved = taskSaved(page, "DELETE");
  await letGo();
  await saved;
  await expect(message(page, MILK_IS_DELETED)).toBeHidden();
  expect(await api.titles()).toEqual(["Feed the cat"]);
  await expect(titles(page)).toHaveText(["Feed the cat"]);
});

for (const hand of ["pointer", "keyboard"] as const) {
  test(`a message goes by itself, also after one that the ${hand} dismissed`, async ({
    page,
    api,
  }) => {
    await page.getByRole("button", { name: "Delete “Buy milk”" }).click();
    const button = message(page, MILK_IS_DELETED).getByRole("button", { name: "Dismiss" });
    if (hand === "pointer") await button.click();
    else await button.press("Enter");
    await expect.poll(() => api.titles()).toEqual(["Feed the cat"]);
    await page.getByRole("button", { name: "Delete “Feed the cat”" }).click();
    await expect.poll(() => api.titles(), { timeout: 20_000 }).toEqual([]);
  });
}

test("the server is told when the message is dismissed", async ({ page, api }) => {
  await deleteMilk(page);
  await message(page, MILK_IS_DELETED).getByRole("button", { name: "Dismiss" }).click();
  await expect.poll(() => api.titles()).toEqual(["Feed the cat"]);
});

test("the server is told when the page is reloaded at once", async ({ page, api }) => {
  await deleteMilk(page);
  await page.reload();
  await expect.poll(() => api.titles()).toEqual(["Feed the cat"]);
});

test("the server is told when the tab is closed at once", async ({ page, api }) => {
  await deleteMilk(page);
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => api.titles()).toEqual(["Feed the cat"]);
});

test("the server is told before the user logs out", async ({ page, api }) => {
  await deleteMilk(page);
  await logOut(page);
  expect(await api.titles()).toEqual(["Feed the cat"]);
});

test("a double click on the bin deletes one task", async ({ page }) => {
  await page.getByRole("button", { name: "Delete “Feed the cat”" }).dblclick();
  await expect(message(page, "“Feed the cat” is deleted.")).toBeVisible();
  await expect(titles(page)).toHaveText(["Buy milk"]);
});
