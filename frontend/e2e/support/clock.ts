/** The time of a browser's tabs. */
import type { BrowserContext } from "@playwright/test";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * Stops the time, a little later or a day later. However slow the machine is, no tab tires then of
 * waiting for another one's answer.
 */
export async function stopTime(context: BrowserContext, when: "soon" | "tomorrow" = "soon") {
  await context.clock.pauseAt(Date.now() + (when === "soon" ? MINUTE : DAY));
}
