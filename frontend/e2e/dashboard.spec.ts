import type { Page } from "@playwright/test";

import { holdMessages } from "./support/messages.ts";
import { keepWaiting, taskSaved } from "./support/requests.ts";
import { addTasks, expect, filter, logIn, type Person, test, titles } from "./support/test.ts";

test("Enter adds a task, and the line is free for the next one", async ({ page, ada, api }) => {
  await logIn(page, ada);
  const line = page.getByLabel("New task");
  await addTasks(page, "Buy milk", "  Feed the cat  ");
  await expect(line).toHaveValue("");
  await expect(line).toBeFocused();
  await expect(titles(page)).toHaveText(["Feed the cat", "Buy milk"]);
  expect(await api.titles()).toEqual(["Feed the cat", "Buy milk"]);
});

test("tasks written faster than they are saved stay in order", async ({ page, ada, api }) => {
  await logIn(page, ada);
  const answer = await keepWaiting(page, /\/tasks$/);
  const inOrder = ["Call Ada", "Feed the cat", "Buy milk"];
  for (const title of inOrder.toReversed()) {
    await page.getByLabel("New task").fill(title);
    await page.getByLabel("New task").press("Enter");
  }
  await expect(titles(page)).toHaveText(inOrder);
  await answer();
  for (const title of inOrder) {
    await expect(page.getByRole("checkbox", { name: `Complete “${title}”` })).toBeEnabled();
  }
  await expect(titles(page)).toHaveText(inOrder);
  expect(await api.titles()).toEqual(inOrder);
});

test("the button adds a task", async ({ page, ada }) => {
  await logIn(page, ada);
  await page.getByLabel("New task").fill("Buy milk");
  await page.getByRole("button", { name: "Add" }).click();
  await expect(titles(page)).toHaveText(["Buy milk"]);
  await expect(page.getByRole("checkbox", { name: "Complete “Buy milk”" })).toBeEnabled();
});

/** Adds a task while only completed ones are shown; the message about it stays. */
async function addBesideTheFilter(page: Page, person: Person): Promise<void> {
  await logIn(page, person);
  await holdMessages(page);
  await filter(page, "Completed").click();
  await addTasks(page, "Buy milk");
}

test("a task added beside the filter says where it is", async ({ page, ada }) => {
  await addBesideTheFilter(page, ada);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/status=pending/);
  await expect(titles(page)).toHaveText(["Buy milk"]);
});

test("a message about the list leads to it from another page", async ({ page, ada }) => {
  await addBesideTheFilter(page, ada);
  await page.getByRole("button", { name: "Account of Ada" }).click();
  await page.getByRole("menuitem", { name: "Account" }).click();
  await expect(page.getByRole("heading", { name: "Account", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page).toHaveURL(/status=pending/);
  await expect(titles(page)).toHaveText(["Buy milk"]);
});

test("Enter in the title saves an edit", async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk" });
  await logIn(page, ada);
  await titles(page).first().click();
  await expect(page.getByLabel("Title")).toBeFocused();
  const saved = taskSaved(page, "PUT");
  await page.getByLabel("Title").fill("Buy oat milk");
  await page.keyboard.press("Enter");
  await expect(titles(page)).toHaveText(["Buy oat milk"]);
  await expect(titles(page)).toBeFocused();
  await saved;
  expect(await api.titles()).toEqual(["Buy oat milk"]);
});

test("Escape leaves a task as it was", async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk", description: "Two litres" });
  await logIn(page, ada);
  for (const field of ["Title", "Description"]) {
    await titles(page).first().click();
    await page.getByLabel(field).fill("Something else");
    await page.keyboard.press("Escape");
    await expect(titles(page)).toHaveText(["Buy milkTwo litres"]);
    await expect(titles(page)).toBeFocused();
  }
  await page.reload();
  await expect(titles(page)).toHaveText(["Buy milkTwo litres"]);
});

test("Ctrl+Enter saves from the description, where Enter begins a line", async ({
  page,
  ada,
  api,
}) => {
  await api.create({ title: "Buy milk" });
  await logIn(page, ada);
  await titles(page).first().click();
  await page.getByLabel("Description").fill("Two litres");
  await page.keyboard.press("Enter");
  await page.keyboard.type("of the fresh one");
  await expect(page.getByText("27 of 1000 characters")).toBeVisible();
  const saved = taskSaved(page, "PUT");
  await page.keyboard.press("Control+Enter");
  await expect(titles(page)).toContainText(["Two litres of the fresh one"]);
  await saved;
  expect(await api.tasks()).toMatchObject([{ description: "Two litres\nof the fresh one" }]);
});

test("a task is completed and opened again", async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk" });
  await logIn(page, ada);
  const box = page.getByRole("checkbox", { name: "Complete “Buy milk”" });
  for (const completed of [true, false]) {
    const saved = taskSaved(page, "PATCH");
    await box.setChecked(completed);
    await saved;
    await page.reload();
    await expect(box).toBeChecked({ checked: completed });
  }
});

test("what is completed leaves the pending tasks, and an undo brings it back", async ({
  page,
  ada,
  api,
}) => {
  await api.create({ title: "Buy milk" }, { title: "Feed the cat" });
  await logIn(page, ada);
  await holdMessages(page);
  await filter(page, "Pending").click();
  await page.getByRole("checkbox", { name: "Complete “Buy milk”" }).click();
  await expect(titles(page)).toHaveText(["Feed the cat"]);
  await expect(page.getByText("“Buy milk” is completed.").first()).toBeVisible();
  await expect(filter(page, "Pending")).toHaveText("Pending1");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(titles(page)).toHaveText(["Feed the cat", "Buy milk"]);
  await expect(filter(page, "Pending")).toHaveText("Pending2");
});
