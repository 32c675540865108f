import type { Locator } from "@playwright/test";

import { expect, logIn, test, titles } from "./support/test.ts";

/** Two characters of bcrypt's 72 bytes each. */
const wide = (count: number) => "é".repeat(count);
/** One character each, as the API counts them, but two of JavaScript's and four bytes. */
const emoji = (count: number) => "🦔".repeat(count);

const EMAIL = [
  ["ada", "Email must be an email address like ada@example.com."],
  ["", "Email is required."],
  ["ada@example", "Email must be an email address like ada@example.com."],
  [`${"a".repeat(250)}@b.org`, "Email must have at most 255 characters."],
] as const;
const PASSWORD = [
  ["seven77", "Password must have at least 8 characters."],
  [wide(37), "Password must have at most 72 bytes."],
  ["", "Password is required."],
] as const;

/** The field is wrong, and says why to everybody. */
async function expectError(field: Locator, error: string): Promise<void> {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(new RegExp(`^${error.replaceAll(".", "\\.")}`));
}

async function expectNoError(field: Locator): Promise<void> {
  await expect(field).toHaveAttribute("aria-invalid", "false");
  await expect(field).not.toHaveAccessibleDescription(/required|must/);
}

/** Types each text, none of which is sent, and then one that is fine. */
async function expectRules(
  field: Locator,
  rules: readonly (readonly [string, string])[],
  fine: string,
): Promise<void> {
  await expectNoError(field);
  for (const [text, error] of rules) {
    await field.fill(text);
    await expectError(field, error);
  }
  await field.fill(fine);
  await expectNoError(field);
}

test("sign-up tells its rules as one types", async ({ page }) => {
  await page.goto("/signup");
  await expectRules(page.getByLabel("Email"), EMAIL, " ada@example.com ");
  await expectRules(page.getByRole("textbox", { name: "Password" }), PASSWORD, wide(36));
  const tooLong = [[emoji(101), "Name must have at most 100 characters."]] as const;
  await expectRules(page.getByLabel("Name"), tooLong, emoji(100));
});

test("log-in tells its rules as one types", async ({ page }) => {
  await page.goto("/login");
  await expectRules(page.getByLabel("Email"), EMAIL, "ada@example.com");
  const password = page.getByRole("textbox", { name: "Password" });
  await password.fill("x");
  await expectRules(password, [["", "Password is required."]], wide(64));
});

test.describe("a password that is held already", () => {
  test.use({ complaints: /status of 400/ });

  test("is judged by the server, whose rules stand at its field", async ({ page, ada }) => {
    await page.goto("/login");
    await page.getByLabel("Email").fill(ada.email);
    const password = page.getByRole("textbox", { name: "Password" });
    for (const [text, error] of PASSWORD.slice(0, 2)) {
      await password.fill(text);
      await password.press("Enter");
      await expectError(password, error);
      await expect(password).toBeFocused();
    }

    await logIn(page, ada);
    await page.goto("/account");
    const current = page.getByRole("textbox", { name: "Current password" });
    await current.fill("seven77");
    await page.getByRole("textbox", { name: "New password" }).fill("another horse battery");
    await page.getByRole("button", { name: "Change the password" }).click();
    await expectError(current, "Current password must have at least 8 characters.");

    await page.getByRole("button", { name: "Delete your account…" }).click();
    const last = page.getByRole("dialog").getByRole("textbox", { name: "Password" });
    await last.fill(wide(37));
    await last.press("Enter");
    await expectError(last, "Password must have at most 72 bytes.");
  });
});

test("a forgotten and a new password have the same rules", async ({ page }) => {
  await page.goto("/forgot-password");
  await expectRules(page.getByLabel("Email"), EMAIL, "ada@example.com");
  await page.goto("/reset-password?token=abc");
  const rules = PASSWORD.map(([text, error]) => [text, `New ${error.toLowerCase()}`] as const);
  await expectRules(page.getByRole("textbox", { name: "New password" }), rules, "correct horse");
});

test("a title has 1 to 200 characters, however wide", async ({ page, ada, api }) => {
  await logIn(page, ada);
  const line = page.getByLabel("New task");
  for (const [text, error] of [
    [emoji(201), "The title must have at most 200 characters."],
    ["   ", "The title is required."],
  ] as const) {
    await line.fill(text);
    await line.press("Enter");
    await expectError(line, error);
    await expect(line).toBeFocused();
  }
  await line.fill(emoji(200));
  await line.press("Enter");
  await expect(titles(page)).toHaveText([emoji(200)]);
  await expect.poll(() => api.titles()).toEqual([emoji(200)]);
});

test("an edit keeps to the rules of title and description", async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk" });
  await logIn(page, ada);
  await titles(page).first().click();
  const [title, description] = [page.getByLabel("Title"), page.getByLabel("Description")];
  await expectRules(
    title,
    [
      [emoji(201), "Title must have at most 200 characters."],
      ["", "Title is required."],
    ],
    emoji(200),
  );
  const tooLong = [[emoji(1001), "Description must have at most 1000 characters."]] as const;
  await expectRules(description, tooLong, emoji(1000));
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => api.titles()).toEqual([emoji(200)]);
});

test("the first wrong field gets the focus, and nothing is sent", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.method()));
  await page.goto("/signup");
  const email = page.getByLabel("Email");
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(email).toBeFocused();
  await expectError(email, "Email is required.");
  await expectError(page.getByRole("textbox", { name: "Password" }), "Password is required.");
  await email.fill("ada@example.com");
  await email.press("Enter");
  await expect(page.getByRole("textbox", { name: "Password" })).toBeFocused();
  expect(sent).not.toContain("POST");
});

test("what tells of an error is there before there is one, and takes no place", async ({
  page,
}) => {
  await page.goto("/signup");
  const places = page.getByRole("main").locator("p[aria-live]:empty");
  await expect(places).toHaveCount(3);
  for (const place of await places.all()) await expect(place).toHaveCSS("display", "block");
  const field = page
    .getByRole("main")
    .locator("div", { has: page.getByLabel("Email") })
    .last();
  const bottom = (element: Element) => element.getBoundingClientRect().bottom;
  expect(await field.evaluate(bottom)).toBe(await page.getByLabel("Email").evaluate(bottom));
});

test("the strength meter says in words how good a password is", async ({ page }) => {
  await page.goto("/signup");
  const password = page.getByRole("textbox", { name: "Password" });
  for (const [text, words] of [
    ["password", "This password is very easy to guess."],
    ["mule cobalt verandah spoon", "This password is very good."],
  ] as const) {
    await password.fill(text);
    await expect(password).toHaveAccessibleDescription(words);
  }
  await page.getByLabel("Email").fill("hedgehogs@example.com");
  await password.fill("hedgehogs");
  await expect(password).toHaveAccessibleDescription(/easy to guess/);
});
