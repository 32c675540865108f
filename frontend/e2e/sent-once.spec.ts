import type { Page } from "@playwright/test";

import { expect, logIn, test, titles } from "./support/test.ts";

/** A server that keeps whoever POSTs waiting: how often it was asked, and how to let it answer. */
async function slowServer(page: Page, url: string) {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const calls: string[] = [];
  await page.route(url, async (route) => {
    if (route.request().method() !== "POST") return await route.continue();
    calls.push(route.request().url());
    await asked;
    await route.continue();
  });
  return { calls, answer };
}

for (const [how, send] of [
  [
    "a double click",
    (page: Page, button: string) => page.getByRole("button", { name: button }).dblclick(),
  ],
  [
    "Enter, held down",
    async (page: Page) => {
      for (const _ of [1, 2, 3]) await page.keyboard.press("Enter");
    },
  ],
] as const) {
  test(`${how} signs up once`, async ({ page }) => {
    const { calls, answer } = await slowServer(page, "**/auth/register");
    await page.goto("/signup");
    await page.getByLabel("Email").fill("grace@example.com");
    await page.getByRole("textbox", { name: "Password" }).fill("nanoseconds of wire");
    await send(page, "Sign up");
    await expect(page.getByRole("button", { name: "Sign up" })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
    answer();
    await expect(page.getByRole("heading", { name: "Tasks" })).toBeVisible();
    expect(calls).toHaveLength(1);
  });

  test(`${how} asks for one mail`, async ({ page }) => {
    const { calls, answer } = await slowServer(page, "**/password/forgot");
    await page.goto("/forgot-password");
    await page.getByLabel("Email").fill("grace@example.com");
    await send(page, "Send the link");
    await expect(page.getByRole("button", { name: "Send" })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
    answer();
    await expect(page.getByText("a mail is on its way")).toBeVisible();
    expect(calls).toHaveLength(1);
  });

  test(`${how} adds a task once`, async ({ page, ada, api }) => {
    await logIn(page, ada);
    const { answer } = await slowServer(page, "**/api/v1/tasks");
    await page.getByLabel("New task").fill("Buy milk");
    await send(page, "Add");
    await expect(titles(page)).toHaveText(["Buy milk"]);
    answer();
    await expect(page.getByRole("checkbox", { name: "Complete “Buy milk”" })).toBeEnabled();
    expect(await api.titles()).toEqual(["Buy milk"]);
  });
}
