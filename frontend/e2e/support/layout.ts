/** How things lie on the screen. */
import type { Page } from "@playwright/test";

import { expect } from "./test.ts";

/** Nothing sticks out to the side: the page is read by scrolling down alone. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const sticksOut = () =>
    page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
  await expect.poll(sticksOut, "pixels beyond the right edge").toBe(0);
}
