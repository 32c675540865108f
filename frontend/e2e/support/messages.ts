import type { Page } from "@playwright/test";

/** The message of the app that says this. What screen readers are told of it is left out. */
export function message(page: Page, text: string | RegExp) {
  return page
    .getByRole("region", { name: /^Notifications/ })
    .getByRole("listitem")
    .filter({ hasText: text });
}

/**
 * Keeps messages from going by themselves, as they do while nobody looks at the window; also those that
 * come later, until the page is loaded anew. The answer lets them go on.
 */
export async function holdMessages(page: Page): Promise<() => Promise<void>> {
  const holding = await page.evaluate(() => {
    // Again and again, for whatever moves the focus or the pointer lets them go on.
    const lookAway = () => window.dispatchEvent(new Event("blur"));
    return window.setInterval(lookAway, 50);
  });
  return () =>
    page.evaluate((holding) => {
      window.clearInterval(holding);
      window.dispatchEvent(new Event("focus"));
    }, holding);
}
