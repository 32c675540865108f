import type { Page } from "@playwright/test";

import { expectNoSidewaysScrolling } from "./support/layout.ts";
import { holdMessages, message } from "./support/messages.ts";
import { addTasks, expect, logIn, test, titles } from "./support/test.ts";

/** What would set `window.stung`, if it ran, or break the page in another way. */
const HOSTILE: Readonly<Record<string, string>> = {
  "an image with a handler": '<img src=x onerror="window.stung = 1">',
  "an end of a script": "</script><script>window.stung = 1</script>",
  "an end of an attribute": '" autofocus onfocus="window.stung = 1" x="',
  "an address of a script": "javascript:window.stung=1",
  "a drawing with a handler": "<svg/onload=window.stung=1>",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: nobody should fill it in
  "a template": "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
  "an entity": "&lt;b&gt; &amp; &#x41;",
  "an override of the direction": "\u202Egnp.exe\u202C and on",
  "wide emoji": "👩‍👩‍👧‍👦".repeat(18) + "🦔".repeat(74),
  "a word without an end": "W".repeat(200),
  "no width at all": `a${"\u200B".repeat(50)}b${"\u200D".repeat(50)}c`,
  "a pile of marks": `Z${"\u0334\u0321\u0322\u0323".repeat(20)}`,
};

test.use({ viewport: { width: 320, height: 640 } });

for (const [what, text] of Object.entries(HOSTILE)) {
  test(`${what} is text, and stays in its place`, async ({ page, ada, api }) => {
    const name = [...text].slice(0, 100).join("");
    await api.call("PATCH", "auth/me", { name });
    await logIn(page, ada);
    await addTasks(page, text);

    const title = titles(page).locator("span").first();
    await expect(title).toBeVisible();
    expect(await title.textContent()).toBe(text);
    await expectHarmless(page);

    await title.click();
    await expect(page.getByLabel("Title", { exact: true })).toHaveValue(text);
    await page.getByLabel("Description").fill(text);
    await expectHarmless(page);
    await page.getByRole("button", { name: "Save" }).click();
    const description = titles(page).locator("span").last();
    await expect(description).not.toHaveText(/ of 1000 characters/);
    expect(await description.textContent()).toBe(text);
    await expectHarmless(page);

    await holdMessages(page);
    await page.getByRole("button", { name: /^Delete/ }).click();
    const deleted = message(page, "is deleted.");
    await expect(deleted).toBeInViewport({ ratio: 1 });
    expect(await deleted.textContent()).toContain(`“${text}” is deleted.`);
    await expectHarmless(page);
    // A long one lies over the menu.
    await deleted.getByRole("button", { name: "Dismiss" }).click();

    await page.getByRole("button", { name: /^Account of/ }).click();
    await expect(page.getByRole("menu")).toBeInViewport({ ratio: 1 });
    expect(await page.getByRole("menu").textContent()).toContain(name);
    await expectHarmless(page);
    await page.getByRole("menuitem", { name: "Account" }).click();
    await expect(page).toHaveURL("/account");
    await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue(name);
    await expectHarmless(page);
  });
}

/** Nothing has run, and nothing sticks out. What the policy stopped would be heard by the fixture. */
async function expectHarmless(page: Page): Promise<void> {
  expect(await page.evaluate(() => "stung" in window)).toBe(false);
  await expectNoSidewaysScrolling(page);
}
