import type { Page } from "@playwright/test";

/** The message of the app that says this. What screen readers are told of it is left out. */
export function message(page: Page, text: string | RegExp) {
  return page
    .getByRole("region", { name: /^Notifications/ })
    .getByRole("listitem")
    .filter({ hasText: text });
}

/**
 * Keeps messages from going by themselves, as they do while the pointer is on them; also those that come
 * later, until the page is loaded anew. The answer lets them go on.
 */
export async function holdMessages(page: Page): Promise<() => Promise<void>> {
  const place = page.getByRole("region", { name: /^Notifications/ });
  const holding = await place.evaluate((element) => {
    // Again and again, for the pointer and the focus let them go on as they leave.
    const touch = () => element.dispatchEvent(new PointerEvent("pointermove"));
    return window.setInterval(touch, 50);
  });
  return () =>
    place.evaluate((element, holding) => {
      window.clearInterval(holding);
      element.dispatchEvent(new PointerEvent("pointerleave"));
    }, holding);
}
