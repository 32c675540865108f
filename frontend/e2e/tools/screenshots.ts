/** Takes the pictures of the README: `npm run screenshots`. */
import { join } from "node:path";

import { addTasks, expect, logIn, test } from "../support/test.ts";

const IMAGES = join(import.meta.dirname, "../../../docs/images");

const TASKS = [
  "Return the library books",
  "Plan the trip to the mountains",
  "Call the plumber about the kitchen sink",
  "Water the plants",
  "Buy milk",
];

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 800, height: 640 }, deviceScaleFactor: 2 });

    test(`the tasks, ${colorScheme}`, async ({ page, ada }) => {
      await logIn(page, ada);
      await addTasks(page, ...TASKS.toReversed());
      await page.getByRole("button", { name: "Edit “Plan the trip to the mountains”" }).click();
      await page.getByLabel("Description").fill("Book the hut before Friday, and ask Charles.");
      await page.getByRole("button", { name: "Save" }).click();
      for (const title of ["Water the plants", "Buy milk"]) {
        await page.getByRole("checkbox", { name: `Complete “${title}”` }).check();
      }
      await expect(page.getByRole("link", { name: "Completed 2" })).toBeVisible();
      await page.mouse.move(0, 0);
      await page.screenshot({ path: join(IMAGES, `tasks-${colorScheme}.png`) });
    });

    test(`signing up, ${colorScheme}`, async ({ page }) => {
      await page.goto("/signup");
      await page.getByLabel("Name").fill("Ada");
      await page.getByLabel("Email").fill("ada@example.com");
      await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
      await expect(page.getByText("This password is very good.")).toBeVisible();
      await page.screenshot({ path: join(IMAGES, `sign-up-${colorScheme}.png`) });
    });
  });
}
