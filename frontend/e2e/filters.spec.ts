import type { Page } from "@playwright/test";

import { taskSaved } from "./support/requests.ts";
import { addTasks, expect, filter, logIn, test, titles } from "./support/test.ts";

test.beforeEach(async ({ page, ada, api }) => {
  await api.create(
    { title: "banana" },
    { title: "Apple", completed: true },
    { title: "cherry" },
    { title: "Date", completed: true },
  );
  await logIn(page, ada);
});

async function order(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Order/ }).click();
  await page.getByRole("menuitemradio", { name }).click();
}

test("the filters show what they say, and the current one is marked", async ({ page }) => {
  for (const [name, shown] of [
    ["Pending", ["cherry", "banana"]],
    ["Completed", ["Date", "Apple"]],
    ["All", ["Date", "cherry", "Apple", "banana"]],
  ] as const) {
    await filter(page, name).click();
    await expect(titles(page)).toHaveText(shown);
    await expect(page.locator("nav [aria-current=page]")).toHaveText(new RegExp(`^${name}`));
  }
});

test("the orders sort the list as they say", async ({ page }) => {
  for (const [name, shown] of [
    ["Oldest first", ["banana", "Apple", "cherry", "Date"]],
    ["Title, A to Z", ["Apple", "banana", "cherry", "Date"]],
    ["Title, Z to A", ["Date", "cherry", "banana", "Apple"]],
    ["Newest first", ["Date", "cherry", "Apple", "banana"]],
  ] as const) {
    await order(page, name);
    await expect(titles(page)).toHaveText(shown);
    await expect(page.getByRole("button", { name: `Order: ${name}` })).toBeVisible();
  }
});

test("a reload keeps the filter and the order", async ({ page }) => {
  await filter(page, "Completed").click();
  await order(page, "Title, A to Z");
  await expect(page).toHaveURL("/tasks?status=completed&sort=title&order=asc");
  await page.reload();
  await expect(titles(page)).toHaveText(["Apple", "Date"]);
  await expect(page.getByRole("button", { name: "Order: Title, A to Z" })).toBeVisible();
});

test("Back leads through the filters that were chosen", async ({ page }) => {
  await filter(page, "Pending").click();
  await filter(page, "Completed").click();
  await expect(titles(page)).toHaveText(["Date", "Apple"]);
  await page.goBack();
  await expect(titles(page)).toHaveText(["cherry", "banana"]);
  await page.goBack();
  await expect(page).toHaveURL("/tasks");
  await expect(titles(page)).toHaveCount(4);
  await page.goForward();
  await expect(titles(page)).toHaveText(["cherry", "banana"]);
});

test("a filter opens in another tab, with its order", async ({ page, context }) => {
  await order(page, "Title, A to Z");
  await expect(filter(page, "Pending")).toHaveAttribute("href", /sort=title/);
  const opened = context.waitForEvent("page");
  await filter(page, "Pending").click({ modifiers: ["Control"] });
  const other = await opened;
  await expect(titles(other)).toHaveText(["banana", "cherry"]);
  await expect(titles(page)).toHaveCount(4);
});

test("an address that makes no sense shows all tasks", async ({ page }) => {
  await page.goto("/tasks?status=__proto__&sort=colour&order=up");
  await expect(titles(page)).toHaveText(["Date", "cherry", "Apple", "banana"]);
});

test("the counts follow every change", async ({ page, api }) => {
  const counts = page.getByRole("navigation", { name: "Filter" }).getByRole("link");
  const expectCounts = (all: number, pending: number, completed: number) =>
    expect(counts).toHaveText([`All${all}`, `Pending${pending}`, `Completed${completed}`]);
  await expectCounts(4, 2, 2);
  await addTasks(page, "elderberry");
  await expectCounts(5, 3, 2);
  const toggle = async (title: string) => {
    const saved = taskSaved(page, "PATCH");
    await page.getByRole("checkbox", { name: `Complete “${title}”` }).click();
    return saved;
  };
  await toggle("cherry");
  await expectCounts(5, 2, 3);
  await toggle("Date");
  await expectCounts(5, 3, 2);
  await page.getByRole("button", { name: "Delete “banana”" }).click();
  await expectCounts(4, 2, 2);
  // Now the server is told of it, which may be after the next page has asked for the counts.
  await page.reload();
  await expect.poll(() => api.titles()).not.toContain("banana");
  await page.reload();
  await expectCounts(4, 2, 2);
});

test("a renamed task moves to where its title belongs", async ({ page }) => {
  await order(page, "Title, A to Z");
  await expect(titles(page)).toHaveText(["Apple", "banana", "cherry", "Date"]);
  await page.getByRole("button", { name: "Edit “Apple”" }).click();
  await page.getByLabel("Title", { exact: true }).fill("zucchini");
  await page.keyboard.press("Enter");
  await expect(titles(page)).toHaveText(["banana", "cherry", "Date", "zucchini"]);
  await expect(titles(page).last()).toBeFocused();
});
