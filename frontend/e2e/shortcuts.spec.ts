import { expectFocusSeen, tabTo } from "./support/keyboard.ts";
import { holdMessages } from "./support/messages.ts";
import { expect, filter, logIn, test, titles } from "./support/test.ts";

test.beforeEach(async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk" }, { title: "Feed the cat" }, { title: "Call Ada" });
  await logIn(page, ada);
  await expect(titles(page)).toHaveText(["Call Ada", "Feed the cat", "Buy milk"]);
  await holdMessages(page);
});

test("single keys move among the tasks, and change them", async ({ page }) => {
  const { keyboard } = page;
  const box = (title: string) => page.getByRole("checkbox", { name: `Complete “${title}”` });
  for (const [key, title] of [
    ["j", "Call Ada"],
    ["ArrowDown", "Feed the cat"],
    ["j", "Buy milk"],
    ["j", "Buy milk"],
    ["k", "Feed the cat"],
    ["ArrowUp", "Call Ada"],
  ] as const) {
    await keyboard.press(key);
    await expect(box(title)).toBeFocused();
    await expectFocusSeen(page);
  }
  await keyboard.press("x");
  await expect(box("Call Ada")).toBeChecked();
  await expect(box("Call Ada")).toBeFocused();
  await keyboard.press("e");
  await expect(page.getByLabel("Title", { exact: true })).toBeFocused();
  await keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Edit “Call Ada”" })).toBeFocused();
  await keyboard.press("k");
  await expect(page.getByLabel("New task")).toBeFocused();
});

test("the focus stays in the list when a task goes", async ({ page }) => {
  const { keyboard } = page;
  const box = (title: string) => page.getByRole("checkbox", { name: `Complete “${title}”` });
  await keyboard.press("j");
  await keyboard.press("j");
  await keyboard.press("d");
  await expect(box("Feed the cat")).toHaveCount(0);
  await expect(box("Buy milk")).toBeFocused();
  await keyboard.press("Delete");
  await expect(box("Buy milk")).toHaveCount(0);
  await expect(box("Call Ada")).toBeFocused();
  await keyboard.press("d");
  await expect(page.getByLabel("New task")).toBeFocused();
  await expectFocusSeen(page);
  await tabTo(page, filter(page, "All"));
  for (const shown of [1, 2, 3]) {
    await keyboard.press("z");
    await expect(titles(page)).toHaveCount(shown);
    await expectFocusSeen(page);
  }
});

test("the focus stays in the list when a completed task leaves it", async ({ page }) => {
  await page.keyboard.press("2");
  await expect(page).toHaveURL(/status=pending/);
  for (const left of ["Feed the cat", "Buy milk"]) {
    await tabTo(page, page.getByRole("checkbox").first());
    await page.keyboard.press("x");
    await expect(page.getByRole("checkbox", { name: `Complete “${left}”` })).toBeFocused();
    await page.keyboard.press("Shift+Tab");
  }
  await tabTo(page, page.getByRole("checkbox").first());
  await page.keyboard.press("Space");
  await expect(page.getByLabel("New task")).toBeFocused();
});

test("single keys show all tasks, the pending ones, and the completed", async ({ page }) => {
  for (const [key, name] of [
    ["2", "Pending"],
    ["3", "Completed"],
    ["1", "All"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(filter(page, name)).toHaveAttribute("aria-current", "page");
  }
  await page.keyboard.press("n");
  await expect(page.getByLabel("New task")).toBeFocused();
});

test("? lists the keys, keeps the focus, and gives it back", async ({ page }) => {
  await page.keyboard.press("j");
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toBeVisible();
  await expect(list.getByRole("definition")).toHaveCount(11);
  for (const key of ["Tab", "Tab", "Tab", "Shift+Tab", "Shift+Tab"]) {
    await page.keyboard.press(key);
    await expectFocusSeen(page);
    expect(await list.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press("d");
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await expect(titles(page)).toHaveCount(3);
  await expect(page.getByRole("checkbox", { name: "Complete “Call Ada”" })).toBeFocused();
});

test("single keys can be turned off, and stay so after a reload", async ({ page }) => {
  await page.keyboard.press("?");
  await tabTo(page, page.getByRole("button", { name: "Close" }), "Shift+Tab");
  await tabTo(page, page.getByRole("checkbox", { name: "Single keys do these things" }));
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  for (const attempt of ["at once", "after a reload"]) {
    await page.keyboard.press("2");
    await page.keyboard.press("n");
    await expect(page.getByLabel("New task"), attempt).not.toBeFocused();
    await expect(page, attempt).toHaveURL("/tasks");
    await page.reload();
    await expect(titles(page)).toHaveCount(3);
  }
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await page.getByRole("checkbox", { name: "Single keys do these things" }).check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("2");
  await expect(page).toHaveURL(/status=pending/);
});

test("keys typed into fields do nothing else", async ({ page }) => {
  const keys = "njkxedz123? ";
  await page.keyboard.press("n");
  await page.keyboard.type(keys);
  await expect(page.getByLabel("New task")).toHaveValue(keys);
  await titles(page).first().click();
  for (const label of ["Title", "Description"]) {
    await page.getByLabel(label, { exact: true }).fill("");
    await page.keyboard.type(keys);
    await expect(page.getByLabel(label, { exact: true })).toHaveValue(keys);
  }
  await page.keyboard.press("Escape");
  await expect(titles(page)).toHaveCount(3);
  await expect(page).toHaveURL("/tasks");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("keys of the browser are left to it", async ({ page }) => {
  await page.keyboard.press("j");
  for (const key of ["Control+d", "Alt+d", "Meta+d"]) await page.keyboard.press(key);
  await expect(titles(page)).toHaveCount(3);
});

test("a key that is held does its thing once, but moves on and on", async ({ page }) => {
  const { keyboard } = page;
  const hold = async (key: string) => {
    for (const _ of [1, 2, 3, 4]) await keyboard.down(key);
    await keyboard.up(key);
  };
  await hold("j");
  await expect(page.getByRole("checkbox", { name: "Complete “Buy milk”" })).toBeFocused();
  await hold("d");
  await expect(titles(page)).toHaveText(["Call Ada", "Feed the cat"]);
  await hold("z");
  await expect(titles(page)).toHaveCount(3);
  await hold("e");
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Feed the cat");
  await keyboard.press("Escape");
  await hold("k");
  await expect(page.getByLabel("New task")).toBeFocused();
  await expect(page.getByLabel("New task")).toHaveValue("");
});

test("arrows scroll the page, until the focus is among the tasks", async ({ page }) => {
  const { keyboard } = page;
  const [first, second] = [page.getByRole("checkbox").first(), page.getByRole("checkbox").nth(1)];
  const scrolled = () => page.evaluate(() => scrollY);
  await page.setViewportSize({ width: 320, height: 256 });
  await page.getByRole("heading", { name: "Tasks" }).click();
  await keyboard.press("ArrowDown");
  await expect.poll(scrolled).toBeGreaterThan(0);
  // Pages scroll smoothly: a key may come before the one before it has done all.
  await expect(async () => {
    await keyboard.press("ArrowUp");
    expect(await scrolled()).toBe(0);
  }).toPass();
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);

  await keyboard.press("n");
  await keyboard.press("ArrowDown");
  await expect(first).toBeFocused();
  await keyboard.press("ArrowDown");
  await expect(second).toBeFocused();
  await keyboard.press("ArrowUp");
  await keyboard.press("ArrowUp");
  await expect(page.getByLabel("New task")).toBeFocused();
});

test("keys pass over a task that is being saved, and one that is being edited", async ({
  page,
}) => {
  await page.getByRole("button", { name: "Edit “Feed the cat”" }).click();
  await page.route("**/api/v1/tasks", () => new Promise(() => {}));
  await page.getByLabel("New task").fill("Water the plants");
  await page.keyboard.press("Enter");
  await expect(titles(page).first()).toHaveText("Water the plants");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("checkbox", { name: "Complete “Call Ada”" })).toBeFocused();
  await page.keyboard.press("j");
  await expect(page.getByRole("checkbox", { name: "Complete “Buy milk”" })).toBeFocused();
});
