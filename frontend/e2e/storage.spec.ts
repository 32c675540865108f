import { addTasks, expect, logIn, test, titles } from "./support/test.ts";

test("a browser that forbids storage has a dashboard all the same", async ({ page, ada }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("Storage is forbidden.", "SecurityError");
      },
    });
  });
  await logIn(page, ada);
  await addTasks(page, "Buy milk");
  await expect(titles(page)).toHaveText(["Buy milk"]);

  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await page.getByRole("checkbox", { name: "Single keys do these things" }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await expect(page.getByLabel("New task")).not.toBeFocused();
});
