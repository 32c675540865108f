import { readFile } from "node:fs/promises";

import AxeBuilder from "@axe-core/playwright";
import type { APIRequestContext, Page } from "@playwright/test";

import { expect, logIn, type Person, test } from "./support/test.ts";

// Wrong passwords, and servers that do not answer, are part of it.
test.use({ complaints: /401 \(Unauthorized\)|ERR_FAILED/ });

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";

/** Signs somebody in, and leads them to their account. */
async function openAccount(page: Page, person: Person): Promise<void> {
  await logIn(page, person);
  await page.goto("/account");
  await expect(page.getByText("This browser")).toBeVisible();
}

/** The answer to a login somewhere else. */
function logInElsewhere(request: APIRequestContext, { email }: Person, password: string) {
  return request.post("/api/v1/auth/login", {
    data: { email, password },
    headers: { "User-Agent": FIREFOX },
  });
}

test("a new name stays, and can be taken away", async ({ page, ada }) => {
  await openAccount(page, ada);
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("  Countess  ");
  await page.getByRole("button", { name: "Save the name" }).click();
  await expect(page.getByRole("button", { name: "Account of Countess" })).toBeVisible();
  await page.reload();
  await expect(name).toHaveValue("Countess");
  await name.fill("");
  await page.getByRole("button", { name: "Save the name" }).click();
  await expect(page.getByRole("button", { name: `Account of ${ada.email}` })).toBeVisible();
});

test("a new password needs the old one, and ends the other sessions", async ({
  page,
  request,
  ada,
}) => {
  await openAccount(page, ada);
  await logInElsewhere(request, ada, ada.password);
  const current = page.getByLabel("Current password", { exact: true });
  await current.fill("not the password");
  await page.getByLabel("New password", { exact: true }).fill("another horse battery");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(current).toHaveAccessibleDescription("Current password is wrong.");
  await expect(current).toBeFocused();

  await current.fill(ada.password);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Your new password is set.")).toBeVisible();
  await expect(page.getByText("You are signed in nowhere else.")).toBeVisible();
  expect((await logInElsewhere(request, ada, ada.password)).status()).toBe(401);
  expect((await logInElsewhere(request, ada, "another horse battery")).status()).toBe(200);
});

test("a user signs out elsewhere: in one place, then in all", async ({ page, request, ada }) => {
  await openAccount(page, ada);
  for (let i = 0; i < 3; i++) await logInElsewhere(request, ada, ada.password);
  await page.reload();
  const sessions = page.getByRole("list", { name: "Your sessions" });
  await expect(sessions.getByRole("listitem")).toHaveCount(5);
  await expect(sessions.getByRole("listitem").first()).toContainText("This browser");
  const signOut = page.getByRole("button", { name: "Sign out there: Firefox on Linux" }).first();
  await expect(signOut).toHaveAccessibleDescription("127.0.0.1 · last used just now");
  await signOut.click();
  await expect(sessions.getByRole("listitem")).toHaveCount(4);
  await expect(sessions).toBeFocused();
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(page.getByText("You are signed in nowhere else.")).toBeVisible();
  await expect(sessions).toBeFocused();
  await page.reload();
  await expect(sessions.getByRole("listitem")).toHaveCount(1);
});

test("sessions that cannot be fetched are told, and fetched anew", async ({ page, ada }) => {
  await openAccount(page, ada);
  await page.route("**/api/v1/auth/sessions", (route) => route.abort());
  await page.reload();
  const card = page.getByRole("region", { name: "Where you are signed in" });
  await expect(card.getByRole("alert")).toContainText("cannot be reached", { timeout: 15_000 });
  await page.unroute("**/api/v1/auth/sessions");
  await card.getByRole("button", { name: "Try again" }).click();
  await expect(card.getByText("This browser")).toBeVisible();
});

test("a session that cannot be ended stays, with a message", async ({ page, request, ada }) => {
  await openAccount(page, ada);
  await logInElsewhere(request, ada, ada.password);
  await page.reload();
  await page.route("**/api/v1/auth/sessions/*", (route) => route.abort());
  const button = page.getByRole("button", { name: "Sign out there: Firefox on Linux" });
  await button.click();
  await expect(page.getByText("The server cannot be reached.").first()).toBeVisible();
  await expect(button).toBeVisible();
});

test("the export is saved as a file", async ({ page, ada }) => {
  await openAccount(page, ada);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download your data" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^todo-export-\d{4}-\d\d-\d\d\.json$/);
  const { user, sessions } = JSON.parse(await readFile(await file.path(), "utf8"));
  expect(user.email).toBe(ada.email);
  expect(sessions.length).toBeGreaterThan(0);
});

test("the account is deleted by keyboard alone, with the right password", async ({
  page,
  request,
  ada,
}) => {
  await openAccount(page, ada);
  const open = page.getByRole("button", { name: "Delete your account…" });
  await open.focus();
  await page.keyboard.press("Enter");
  const field = page.getByRole("dialog").getByLabel("Password", { exact: true });
  await expect(field).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(open).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(field).toBeFocused();
  await page.keyboard.type("not the password");
  await page.keyboard.press("Enter");
  await expect(field).toHaveAccessibleDescription(/^Password is wrong\./);
  await expect(field).toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(ada.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/login\?reason=deleted$/);
  await expect(page.getByText("Your account and everything in it is deleted.")).toBeVisible();
  expect((await logInElsewhere(request, ada, ada.password)).status()).toBe(401);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page, ada }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openAccount(page, ada);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole("button", { name: "Delete your account…" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
}
