import { readFile } from "node:fs/promises";

import type { Browser, Page } from "@playwright/test";

import { BETTER_AUTH, test } from "./support/better-auth.ts";
import { expect, logOut } from "./support/test.ts";

// One after the other, for the build knows one address of Better Auth alone.
test.describe.configure({ mode: "default" });
// Wrong passwords, and servers that do not answer, are part of it.
test.use({ complaints: /40[01] \(|422 \(|ERR_FAILED/ });

const PASSWORD = "correct horse battery";

let count = 0;

/** An email that no other test uses. */
function newEmail(): string {
  count += 1;
  return `user-${Date.now()}-${process.pid}-${count}@example.com`;
}

async function signUp(page: Page, email: string, name = "Ada") {
  await page.goto("/signup");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page).toHaveURL(/\/tasks$/);
}

async function logIn(page: Page, email: string, password = PASSWORD) {
  await page.goto("/login");
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

async function openAccount(page: Page) {
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Your password" })).toBeVisible();
}

async function deleteAccount(page: Page, password: string) {
  const dialog = page.getByRole("dialog");
  if (!(await dialog.isVisible())) {
    await page.getByRole("button", { name: "Delete your account…" }).click();
  }
  await dialog.getByLabel("Password", { exact: true }).fill(password);
  await dialog.getByRole("button", { name: "Delete everything" }).click();
}

/** The same user in a browser of another kind. */
async function elsewhere(browser: Browser, baseURL: string | undefined, email: string) {
  const context = await browser.newContext({
    ...(baseURL && { baseURL }),
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
  });
  const page = await context.newPage();
  await logIn(page, email);
  await expect(page).toHaveURL(/\/tasks$/);
  return page;
}

test("a user signs up, comes back, leaves, and logs in again", async ({ page }) => {
  const email = newEmail();
  await signUp(page, email);
  await page.reload();
  await expect(page.getByRole("button", { name: "Account of Ada" })).toBeVisible();
  await logOut(page);
  await page.goto("/tasks");
  await expect(page).toHaveURL(/\/login$/);
  await logIn(page, email, "not the password");
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(
    "The email or the password is wrong.",
  );
  await logIn(page, email);
  await expect(page).toHaveURL(/\/tasks$/);
});

test("a password that this server alone takes is no bar", async ({ page, server }) => {
  const [email, password] = [newEmail(), "x".repeat(128)];
  const answer = await page.request.post(`${BETTER_AUTH}/api/auth/sign-up/email`, {
    headers: { Origin: server.url },
    data: { name: "Ada", email, password },
  });
  expect(answer.ok()).toBe(true);
  await page.context().clearCookies();
  await logIn(page, email, password);
  await expect(page).toHaveURL(/\/tasks$/);
});

test("an email that is taken is told at its field", async ({ page }) => {
  const email = newEmail();
  await signUp(page, email);
  await logOut(page);
  await page.goto("/signup");
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByLabel("Email", { exact: true })).toHaveAccessibleDescription(
    /belongs to an account already/,
  );
});

test("no script finds a secret when it looks at what the browser keeps", async ({ page }) => {
  await signUp(page, newEmail());
  const kept = await page.evaluate(() => ({
    cookies: document.cookie,
    local: Object.keys(localStorage),
    session: sessionStorage.length,
  }));
  expect(kept).toEqual({ cookies: "", local: ["todo.user"], session: 0 });
});

test("a new name stays", async ({ page }) => {
  await signUp(page, newEmail());
  await openAccount(page);
  await page.getByLabel("Name", { exact: true }).fill("Countess Lovelace");
  await page.getByRole("button", { name: "Save the name" }).click();
  await expect(page.getByRole("button", { name: "Account of Countess Lovelace" })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Countess Lovelace");
});

test("a new password ends the other sessions", async ({ page, browser, baseURL }) => {
  const email = newEmail();
  await signUp(page, email);
  const other = await elsewhere(browser, baseURL, email);
  await openAccount(page);
  const current = page.getByLabel("Current password", { exact: true });
  await current.fill("not the password");
  await page.getByLabel("New password", { exact: true }).fill("another horse battery");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(current).toHaveAccessibleDescription("Current password is wrong.");
  await expect(current).toBeFocused();

  await current.fill(PASSWORD);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Your new password is set.")).toBeVisible();
  await expect(page.getByText("You are signed in nowhere else.")).toBeVisible();
  await other.reload();
  await expect(other).toHaveURL(/\/login\?reason=expired$/);
  await logIn(other, email, "another horse battery");
  await expect(other).toHaveURL(/\/tasks$/);
});

test("a user sees where they are signed in, and signs out there", async ({
  page,
  browser,
  baseURL,
}) => {
  const email = newEmail();
  await signUp(page, email);
  const other = await elsewhere(browser, baseURL, email);
  await openAccount(page);
  const sessions = page.getByRole("list", { name: "Your sessions" });
  await expect(sessions.getByRole("listitem")).toHaveCount(2);
  await expect(sessions.getByText("This browser")).toBeVisible();
  await page.getByRole("button", { name: "Sign out there: Firefox on Linux" }).click();
  await expect(sessions.getByRole("listitem")).toHaveCount(1);
  await expect(sessions).toBeFocused();
  await other.reload();
  await expect(other).toHaveURL(/\/login/);
});

test("a token that has grown old is renewed, unnoticed", async ({ page }) => {
  await page.clock.install();
  await signUp(page, newEmail());
  await openAccount(page);
  await page.clock.fastForward("20:00");
  const renewal = page.waitForRequest(`${BETTER_AUTH}/api/auth/token`);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download your data" }).click();
  await renewal;
  await download;
});

test("the export holds the user", async ({ page }) => {
  const email = newEmail();
  await signUp(page, email);
  await openAccount(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download your data" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^todo-export-\d{4}-\d\d-\d\d\.json$/);
  const { user } = JSON.parse(await readFile(await file.path(), "utf8"));
  expect(user.email).toBe(email);
});

test("a forgotten password is set anew by the link of a mail", async ({ page, request }) => {
  const email = newEmail();
  await signUp(page, email);
  await page.goto("/forgot-password");
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("a mail is on its way")).toBeVisible();
  const link = async () => {
    const answer = await request.get(`${BETTER_AUTH}/test/mails`);
    const mails: { to: string; url: string }[] = await answer.json();
    return mails.find(({ to }) => to === email)?.url;
  };
  await expect.poll(link).toBeDefined();
  await page.goto((await link()) ?? "");
  await page.getByLabel("New password", { exact: true }).fill("another horse battery");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page).toHaveURL(/\/login\?reason=reset$/);
  await logIn(page, email, "another horse battery");
  await expect(page).toHaveURL(/\/tasks$/);
});

test("a wrong password deletes nothing, the right one everything", async ({ page }) => {
  const email = newEmail();
  await signUp(page, email);
  const { token, url } = await withTask(page);
  await openAccount(page);
  await deleteAccount(page, "not the password");
  await expect(
    page.getByRole("dialog").getByLabel("Password", { exact: true }),
  ).toHaveAccessibleDescription(/^Password is wrong\./);
  const headers = { Authorization: `Bearer ${token}` };
  expect(await (await page.request.get(url, { headers })).json()).toHaveLength(1);

  await deleteAccount(page, PASSWORD);
  await expect(page).toHaveURL(/\/login\?reason=deleted$/);
  await expect(page.getByText("Your account and everything in it is deleted.")).toBeVisible();
  expect((await page.request.get(url, { headers })).status()).toBe(401);
  await logIn(page, email);
  await expect(page.getByText("The email or the password is wrong.")).toBeVisible();
});

test("a deletion that broke off in the middle is finished by another try", async ({ page }) => {
  const email = newEmail();
  await signUp(page, email);
  await openAccount(page);
  await page.route("**/api/auth/delete-user", (route) => route.abort());
  await deleteAccount(page, PASSWORD);
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("cannot be reached");
  await page.unroute("**/api/auth/delete-user");
  await deleteAccount(page, PASSWORD);
  await expect(page).toHaveURL(/\/login\?reason=deleted$/);
});

test("a server that is away is told, and signs nobody out", async ({ page, context }) => {
  await signUp(page, newEmail());
  await context.route(`${BETTER_AUTH}/**`, (route) => route.abort());
  await page.reload();
  await expect(page.getByRole("heading", { name: "The server cannot be reached" })).toBeVisible();
  await context.unroute(`${BETTER_AUTH}/**`);
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("button", { name: "Account of Ada" })).toBeVisible();
});

/** Makes a task as another client of the user would, by a token and their own URL. */
async function withTask(page: Page) {
  const tokens = await page.request.get(`${BETTER_AUTH}/api/auth/token`);
  const session = await page.request.get(`${BETTER_AUTH}/api/auth/get-session`);
  const { token } = await tokens.json();
  const { user } = await session.json();
  const url = `/api/${user.id}/tasks`;
  const answer = await page.request.post(url, {
    headers: { Authorization: `Bearer ${token}` },
    data: { title: "Water the plants" },
  });
  expect(answer.status()).toBe(201);
  return { token, url };
}
