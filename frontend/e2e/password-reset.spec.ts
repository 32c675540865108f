import type { Page } from "@playwright/test";

import { expect, logIn, type Person, test } from "./support/test.ts";

const PASSWORD = "four score and seven";

async function askForLink(page: Page, { email }: Person): Promise<void> {
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  // The page before has such a field as well.
  await expect(page.getByRole("button", { name: "Send the link" })).toBeVisible();
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("status")).toContainText("a mail is on its way");
}

async function setPassword(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "New password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Set the password" }).click();
}

test("the link of a mail sets a new password and ends every session", async ({
  page,
  server,
  ada,
  api,
}) => {
  await askForLink(page, ada);
  await page.goto(await server.mailedLink());
  await setPassword(page);
  await expect(page.getByText("Your new password is set. Log in with it.")).toBeVisible();
  expect((await api.attempt("GET", "auth/me")).status).toBe(401);
  await logIn(page, { ...ada, password: PASSWORD });
});

test("the link's token is gone from the address, and is sent to nobody", async ({
  page,
  server,
  ada,
}) => {
  await askForLink(page, ada);
  const link = new URL(await server.mailedLink());
  const token = link.searchParams.get("token") ?? "";
  expect(token).toMatch(/^\S{40,}$/);
  const told: string[] = [];
  page.on("request", (request) => {
    if (JSON.stringify([request.url(), request.headers()]).includes(token))
      told.push(request.url());
  });
  await page.goto(link.href);
  await expect(page).toHaveURL(`${server.url}/reset-password`);
  expect(await page.content()).not.toContain(token);
  await page.getByRole("link", { name: "Todo" }).click();
  await expect(page).toHaveURL(/\/login$/);
  expect(told).toEqual([link.href]);
});

test.describe("a link that holds no more", () => {
  test.use({ complaints: /status of 400/ });

  test("says so and offers another", async ({ page, server, ada }) => {
    await askForLink(page, ada);
    const link = await server.mailedLink();
    await page.goto(link);
    await setPassword(page);
    await expect(page).toHaveURL(/\/login\?reason=reset$/);

    await page.goto(link);
    await setPassword(page);
    await expect(page.getByRole("alert").first()).toContainText(/link/i);
    await page.getByRole("link", { name: "Ask for a new link" }).click();
    await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
  });
});

test("without a link there is nothing to set, but one to be asked for", async ({ page }) => {
  await page.goto("/reset-password");
  await expect(page.getByText("This address holds no link from a mail.")).toBeVisible();
  await page.getByRole("link", { name: "Ask for one" }).click();
  await expect(page).toHaveURL(/\/forgot-password$/);
});

test("nobody is told whether there is such an account", async ({ page, ada }) => {
  await askForLink(page, { ...ada, email: "nobody@example.com" });
  await expect(page.getByRole("status")).toContainText("If there is an account");
});
