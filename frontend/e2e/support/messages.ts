import type { Page } from "@playwright/test";

/** The message of the app that says this. What screen readers are told of it is left out. */
export function message(page: Page, text: string | RegExp) {
  return page
    .getByRole("region", { name: /^Notifications/ })
    .getByRole("listitem")
    .filter({ hasText: text });
}
