import { taskSaved } from "./support/requests.ts";
import { expect, logOut, test, titles, untilLoaded } from "./support/test.ts";

test("a new user signs up, keeps a list, and finds it again", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/login$/);
  await page.getByRole("link", { name: "Sign up" }).click();
  await page.getByLabel("Name").fill("Grace");
  await page.getByLabel("Email").fill("grace@example.com");
  await page.getByRole("textbox", { name: "Password" }).fill("nanoseconds of wire");
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();

  for (const title of ["Buy milk", "Write a compiler"]) {
    await page.getByLabel("New task").fill(title);
    await page.keyboard.press("Enter");
  }
  await expect(titles(page)).toHaveText(["Write a compiler", "Buy milk"]);
  const saved = taskSaved(page, "PATCH");
  await page.getByRole("checkbox", { name: "Complete “Buy milk”" }).check();
  await expect(page.getByRole("link", { name: "Completed 1" })).toBeVisible();
  await saved;

  await page.reload();
  await expect(titles(page)).toHaveText(["Write a compiler", "Buy milk"]);
  await expect(page.getByRole("checkbox", { name: "Complete “Buy milk”" })).toBeChecked();

  await expect(page.getByRole("button", { name: "Account of Grace" })).toBeVisible();
  await untilLoaded(page);
  await logOut(page);
});
