import type { Page } from "@playwright/test";

import { expect, filter, logIn, test, titles } from "./support/test.ts";

/** How many things move for as long as one looks. */
const moving = (page: Page) =>
  page.evaluate(
    () => document.getAnimations().filter(({ playState }) => playState === "running").length,
  );

for (const [motion, moves] of [
  ["no-preference", true],
  ["reduce", false],
] as const) {
  test(`who prefers ${motion} of motion sees ${moves ? "some" : "none"}`, async ({ page, ada }) => {
    await page.emulateMedia({ reducedMotion: motion });
    await page.route(/\/api\/v1\/tasks\?/, () => new Promise(() => {}));
    await logIn(page, ada);
    await expect(page.getByText("Your tasks are loading.")).toBeVisible();
    await expect.poll(async () => (await moving(page)) > 0).toBe(moves);
  });
}

test("the system's colours tell what is completed and which filter is on", async ({
  page,
  ada,
  api,
}) => {
  await page.emulateMedia({ forcedColors: "active" });
  await api.create({ title: "Buy milk", completed: true }, { title: "Feed the cat" });
  await logIn(page, ada);
  await expect(titles(page)).toHaveCount(2);
  const ink = await page.locator("body").evaluate((body) => getComputedStyle(body).color);
  for (const [title, opacity] of [
    ["Buy milk", "1"],
    ["Feed the cat", "0"],
  ] as const) {
    const box = page.locator("label").filter({ has: page.getByLabel(`Complete “${title}”`) });
    await expect(box.locator("svg")).toHaveCSS("color", ink);
    await expect(box.locator("svg")).toHaveCSS("opacity", opacity);
  }
  await expect(filter(page, "All")).toHaveCSS("text-decoration-line", "underline");
  await expect(filter(page, "Pending")).toHaveCSS("text-decoration-line", "none");
});

test("the system's colours tell how strong a password is", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/signup");
  await page.getByRole("textbox", { name: "Password" }).fill("password1");
  await expect(page.getByText(/^This password is (very )?easy to guess/)).toBeVisible();
  const bars = page.locator("form [aria-hidden] > span.rounded-full");
  const ink = await page.locator("body").evaluate((body) => getComputedStyle(body).color);
  await expect(bars).toHaveCount(4);
  await expect(bars.first()).toHaveCSS("background-color", ink);
  await expect(bars.last()).not.toHaveCSS("background-color", ink);
  await expect(bars.last()).toHaveCSS("border-top-style", "solid");
});

test("the theme of the menu holds against the system's, and after a reload", async ({
  page,
  ada,
}) => {
  const background = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: "light" });
  await logIn(page, ada);
  const light = await background();
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  expect(await background()).toBe(dark);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await expect.poll(background).toBe(light);
});
