import type { Page } from "@playwright/test";

/** The message of the app that says this. What screen readers are told of it is left out. */
export function message(page: Page, text: string | RegExp) {
  return page
    .getByRole("region", { name: /^Notifications/ })
    .getByRole("listitem")
    .filter({ hasText: text });
}

/** Where messages are, while there are any. */
const PLACE = '[role="region"][aria-label^="Notifications"]';

/**
 * Keeps messages from going by themselves, as they do while the pointer is on them; also those that come
 * later, until the page is loaded anew. The answer lets them go on.
 */
export async function holdMessages(page: Page): Promise<() => Promise<void>> {
  const holding = await page.evaluate((place) => {
    // Again and again, for the pointer and the focus let them go on as they leave.
    const touch = () =>
      document.querySelector(place)?.dispatchEvent(new PointerEvent("pointermove"));
    return window.setInterval(touch, 50);
  }, PLACE);
  return () =>
    page.evaluate(
      ([place, holding]) => {
        window.clearInterval(holding);
        document.querySelector(place)?.dispatchEvent(new PointerEvent("pointerleave"));
      },
      [PLACE, holding] as const,
    );
}
