import { expectAccessible } from "./support/axe.ts";
import { holdMessages } from "./support/messages.ts";
import { addTasks, expect, filter, logIn, test, titles } from "./support/test.ts";

test("log-in and sign-up, before and after mistakes", async ({ page }) => {
  for (const [path, button] of [
    ["/login", "Log in"],
    ["/signup", "Sign up"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("button", { name: button })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: button }).click();
    await expect(page.getByText("Email is required.")).toBeVisible();
    await expectAccessible(page);
  }
});

test("the strength of a password", async ({ page }) => {
  await page.goto("/signup");
  for (const [password, words] of [
    ["password", "very easy to guess"],
    ["mule cobalt verandah spoon", "very good"],
  ] as const) {
    await page.getByRole("textbox", { name: "Password" }).fill(password);
    await expect(page.getByText(`This password is ${words}.`)).toBeVisible();
    await expectAccessible(page);
  }
});

test("a forgotten password, and a new one", async ({ page }) => {
  await page.goto("/forgot-password");
  await expectAccessible(page);
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("a mail is on its way")).toBeVisible();
  await expectAccessible(page);
  await page.goto("/reset-password?token=abc");
  await expect(page.getByRole("textbox", { name: "New password" })).toBeVisible();
  await expectAccessible(page);
  await page.goto("/reset-password");
  await expect(page.getByText("This address holds no link")).toBeVisible();
  await expectAccessible(page);
});

test("an empty list, and each of its filters", async ({ page, ada }) => {
  await logIn(page, ada);
  for (const [name, heading] of [
    ["All", "Nothing here yet"],
    ["Pending", "All done"],
    ["Completed", "Nothing completed yet"],
  ] as const) {
    await filter(page, name).click();
    await expect(page.getByRole("heading", { name: heading })).toBeVisible();
    await expectAccessible(page);
  }
});

test.describe("with tasks", () => {
  test.beforeEach(async ({ page, ada, api }) => {
    await api.create(
      { title: "Buy milk", description: "Two litres" },
      { title: "Feed the cat", description: "Both of them", completed: true },
    );
    await logIn(page, ada);
    await expect(titles(page)).toHaveCount(2);
  });

  test("pending and completed ones", async ({ page }) => {
    await expectAccessible(page);
    await page.getByRole("button", { name: "Delete “Buy milk”" }).hover();
    await expectAccessible(page);
  });

  test("an editor, before and after mistakes", async ({ page }) => {
    await page.getByRole("button", { name: "Edit “Buy milk”" }).click();
    await expectAccessible(page);
    await page.getByLabel("Title", { exact: true }).fill("");
    await expect(page.getByText("Title is required.")).toBeVisible();
    await expectAccessible(page);
  });

  test("the menus", async ({ page }) => {
    for (const name of [/^Order/, /^Account of/]) {
      await page.getByRole("button", { name }).click();
      await page.keyboard.press("ArrowDown");
      await expect(page.getByRole("menu")).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("menu")).toBeHidden();
    }
  });

  test("the list of shortcuts", async ({ page }) => {
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
  });

  test("messages", async ({ page }) => {
    await holdMessages(page);
    await page.getByRole("button", { name: "Delete “Buy milk”" }).click();
    await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).hover();
    await expectAccessible(page);
  });

  test("the account page, and the end of an account", async ({ page }) => {
    await page.goto("/account");
    await expect(page.getByRole("region", { name: "Where you are signed in" })).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "Chrom" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Delete your account…" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Delete everything" }).click();
    await expect(page.getByText("Password is required.")).toBeVisible();
    await expectAccessible(page);
  });
});

test.describe("in trouble", () => {
  test.use({ complaints: /status of (404|503)|net::ERR_/ });

  const LIST = /\/api\/v1\/tasks\?/;

  test("an address that leads nowhere", async ({ page }) => {
    await page.goto("/nowhere");
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    await expectAccessible(page);
  });

  test("a list that is on its way, and one that does not come", async ({ page, ada }) => {
    let refuse = () => {};
    const waited = new Promise<void>((resolve) => {
      refuse = resolve;
    });
    await page.route(LIST, async (route) => {
      await waited;
      await route.fulfill({ status: 503 });
    });
    await logIn(page, ada);
    await expect(page.getByText("Your tasks are loading.")).toBeVisible();
    await expectAccessible(page);
    refuse();
    await expect(page.getByText("Your tasks cannot be shown")).toBeVisible();
    await expectAccessible(page);
  });

  test("nobody online, and a change that is lost", async ({ page, ada, context }) => {
    await logIn(page, ada);
    await addTasks(page, "Buy milk");
    await holdMessages(page);
    await context.setOffline(true);
    await expect(page.getByText("You are offline.")).toBeVisible();
    await page.getByRole("checkbox", { name: "Complete “Buy milk”" }).click();
    await expect(page.getByText("“Buy milk” is as it was.").first()).toBeVisible();
    await expectAccessible(page);
  });

  test("a server that does not answer", async ({ page, ada }) => {
    await logIn(page, ada);
    await page.route("**/auth/refresh", (route) => route.abort());
    await page.reload();
    await expect(page.getByRole("heading", { name: "The server cannot" })).toBeVisible();
    await expectAccessible(page);
  });
});

test("a page that is finding out who is there", async ({ page, ada }) => {
  await logIn(page, ada);
  await page.route("**/auth/refresh", () => new Promise(() => {}));
  await page.reload();
  await expect(page.getByText("Your tasks are loading.")).toBeVisible();
  await expectAccessible(page);
});
