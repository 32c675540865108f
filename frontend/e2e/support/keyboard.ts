/** What people do who have no mouse, and what they must see. */
import type { Locator, Page } from "@playwright/test";

import { expect } from "./test.ts";

/** More often than this nobody presses Tab in search of something. */
const PATIENCE = 40;

/** Presses Tab, or another key, until `target` has the focus. On the way it is always to be seen. */
export async function tabTo(page: Page, target: Locator, key = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  for (let pressed = 0; pressed < PATIENCE; pressed += 1) {
    await page.keyboard.press(key);
    await expectFocusSeen(page);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${key} never leads to ${target}`);
}

/** Something on the screen has the focus, and a ring around it. */
export async function expectFocusSeen(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(focusFault), "what is wrong with the focus").toBeNull();
}

function focusFault(): string | null {
  const element = document.activeElement;
  if (!element || element === document.body) return "nothing has it";
  const name = `${element.tagName} ${element.ariaLabel ?? element.textContent.slice(0, 40)}`;
  const { width, height, top, bottom } = element.getBoundingClientRect();
  if (width === 0 || height === 0) return `${name} cannot be seen`;
  if (bottom <= 0 || top >= innerHeight) return `${name} is not on the screen`;
  if (!element.matches(":focus-visible")) return `${name} does not show it`;
  // The box around a field may have the ring in its place.
  const ringed = [element, element.parentElement].some((candidate) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(candidate ?? element);
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  });
  return ringed ? null : `${name} has no ring`;
}
