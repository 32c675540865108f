import type { Page } from "@playwright/test";

import { taskSaved } from "./support/requests.ts";
import { expect, logIn, test, titles } from "./support/test.ts";

const MANY = Array.from({ length: 120 }, (_, index) => ({ title: `Task ${index + 1}` }));
/** The address of each page after the first one. */
const FURTHER = /\/tasks\?.*cursor=/;

test.beforeEach(async ({ api }) => {
  await api.create(...MANY);
});

/** Scrolls down like a person, until the first task that was made is in sight. */
async function scrollToTheEnd(page: Page): Promise<void> {
  await expect(async () => {
    await page.mouse.wheel(0, 2_000);
    await expect(titles(page).filter({ hasText: /^Task 1$/ })).toBeInViewport({ timeout: 100 });
  }).toPass();
}

test("further pages come as one scrolls, up to the last task", async ({ page, ada }) => {
  await logIn(page, ada);
  await expect(titles(page)).toHaveCount(50);
  await page.getByRole("list", { name: "Tasks" }).hover();
  await scrollToTheEnd(page);
  await expect(titles(page)).toHaveText(MANY.map(({ title }) => title).reverse());
  await expect(page.getByRole("button", { name: "Show more" })).toHaveCount(0);
});

test("a far task is completed at its place", async ({ page, ada, api }) => {
  await logIn(page, ada);
  await page.getByRole("list", { name: "Tasks" }).hover();
  await scrollToTheEnd(page);
  const saved = taskSaved(page, "PATCH");
  await page.getByRole("checkbox", { name: "Complete “Task 1”", exact: true }).click();
  await saved;
  await expect(titles(page)).toHaveCount(120);
  await expect(titles(page).last()).toBeInViewport();
  expect((await api.tasks()).length).toBe(100);
});

test.describe("when a further page cannot be had", () => {
  test.use({ complaints: /net::ERR_FAILED/ });

  test("it is tried again on demand", async ({ page, ada }) => {
    await page.route(FURTHER, (route) => route.abort());
    await logIn(page, ada);
    await page.getByRole("list", { name: "Tasks" }).hover();
    await page.mouse.wheel(0, 10_000);
    await expect(page.getByRole("main").getByRole("alert")).toHaveText(
      "Further tasks could not be loaded.",
    );
    await expect(titles(page)).toHaveCount(50);
    await page.unroute(FURTHER);
    await page.getByRole("button", { name: "Try again" }).click();
    await scrollToTheEnd(page);
    await expect(titles(page)).toHaveCount(120);
  });
});
