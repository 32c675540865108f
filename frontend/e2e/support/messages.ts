import type { Page } from "@playwright/test";

/** The messages of the app that say this. What screen readers are told of them is left out. */
export function messages(page: Page, text: string | RegExp) {
  return page.getByRole("region", { name: /^Notifications/ }).getByText(text);
}
