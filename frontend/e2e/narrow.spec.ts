import type { Page } from "@playwright/test";

import { expectNoSidewaysScrolling } from "./support/layout.ts";
import { expect, logIn, test, titles } from "./support/test.ts";

/** A small phone, and what is left of a screen of 1280 × 1024 at 400 % (WCAG 1.4.10). */
const SCREENS = [
  { width: 320, height: 640 },
  { width: 320, height: 256 },
];

for (const viewport of SCREENS) {
  test.describe(`at ${viewport.width} × ${viewport.height}`, () => {
    test.use({ viewport, complaints: /status of 404/ });

    test("who is not signed in reads by scrolling down alone", async ({ page }) => {
      for (const [path, button] of [
        ["/login", "Log in"],
        ["/signup", "Sign up"],
        ["/forgot-password", "Send the link"],
        ["/reset-password?token=abc", "Set the password"],
      ] as const) {
        await page.goto(path);
        await expectNoSidewaysScrolling(page);
        await page.getByRole("button", { name: button }).click();
        await expect(page.getByText(/ is required\./).first()).toBeVisible();
        await expectNoSidewaysScrolling(page);
      }
      await page.goto("/nowhere");
      await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
      await expectNoSidewaysScrolling(page);
    });

    test("who is signed in does so, too", async ({ page, ada, api }) => {
      await api.create({ title: "Buy milk" }, { title: "Return the library books on Friday" });
      await logIn(page, ada);
      await expect(titles(page)).toHaveCount(2);
      await expectNoSidewaysScrolling(page);
      for (const name of ["Delete “Buy milk”", /^Edit “Return/]) {
        await page.getByRole("button", { name }).click();
        await expectNoSidewaysScrolling(page);
      }
      await page.goto("/account");
      await expect(page.getByRole("main")).toContainText(ada.email);
      await expectNoSidewaysScrolling(page);
      await page.getByRole("button", { name: "Delete your account…" }).click();
      await expectReachable(page, "button", "Delete everything");
    });

    test("every item of a menu and of a dialog can be reached", async ({ page, ada }) => {
      await logIn(page, ada);
      await page.getByRole("button", { name: /^Order/ }).click();
      await expectReachable(page, "menuitemradio", "Title, Z to A");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^Account of/ }).click();
      await expectReachable(page, "menuitem", "Log out");
      await page.keyboard.press("Escape");
      await page.getByRole("heading", { name: "Tasks" }).click();
      await page.keyboard.press("?");
      await expectReachable(page, "checkbox", "Single keys do these things");
      await expectReachable(page, "button", "Close");
    });
  });
}

async function expectReachable(
  page: Page,
  role: "menuitem" | "menuitemradio" | "checkbox" | "button",
  name: string,
): Promise<void> {
  const control = page.getByRole(role, { name });
  await control.scrollIntoViewIfNeeded();
  await expect(control).toBeInViewport({ ratio: 1 });
  await expectNoSidewaysScrolling(page);
}
