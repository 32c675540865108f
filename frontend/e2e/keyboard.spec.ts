import { expectFocusSeen, tabTo } from "./support/keyboard.ts";
import { holdMessages } from "./support/messages.ts";
import { expect, filter, logIn, test, titles } from "./support/test.ts";

test("a whole story is told by keyboard alone", async ({ page }) => {
  const { keyboard } = page;
  await page.goto("/");
  await tabTo(page, page.getByRole("link", { name: "Sign up" }));
  await keyboard.press("Enter");
  for (const [label, text] of [
    ["Name", "Grace"],
    ["Email", "grace@example.com"],
    ["Password", "nanoseconds of wire"],
  ] as const) {
    await tabTo(page, page.getByRole("textbox", { name: label }));
    await keyboard.type(text);
  }
  await tabTo(page, page.getByRole("button", { name: "Show the password" }));
  await tabTo(page, page.getByRole("textbox", { name: "Password" }), "Shift+Tab");
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();

  await tabTo(page, page.getByLabel("New task"));
  for (const title of ["Buy milk", "Feed the cat"]) {
    await keyboard.type(title);
    await keyboard.press("Enter");
  }
  await expect(titles(page)).toHaveText(["Feed the cat", "Buy milk"]);
  await tabTo(page, page.getByRole("checkbox", { name: "Complete “Buy milk”" }));
  await keyboard.press("Space");
  await expect(page.getByRole("checkbox", { name: "Complete “Buy milk”" })).toBeChecked();
  await tabTo(page, page.getByRole("button", { name: "Edit “Feed the cat”" }), "Shift+Tab");
  await keyboard.press("Enter");
  await keyboard.type("Feed both cats");
  await keyboard.press("Enter");
  await expect(titles(page)).toHaveText(["Feed both cats", "Buy milk"]);
  await expectFocusSeen(page);

  await tabTo(page, page.getByRole("button", { name: "Delete “Feed both cats”" }));
  await keyboard.press("Enter");
  await expect(titles(page)).toHaveText(["Buy milk"]);
  await expectFocusSeen(page);
  await tabTo(page, filter(page, "Pending"), "Shift+Tab");
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "All done" })).toBeVisible();

  await tabTo(page, page.getByRole("button", { name: "Account of Grace" }), "Shift+Tab");
  await keyboard.press("Enter");
  await tabTo(page, page.getByRole("menuitem", { name: "Log out" }), "ArrowDown");
  await keyboard.press("Enter");
  await expect(page.getByText("You are logged out.")).toBeVisible();
});

test("Undo in a message is reached with F8", async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk" });
  await logIn(page, ada);
  await holdMessages(page);
  await tabTo(page, page.getByRole("button", { name: "Delete “Buy milk”" }));
  await page.keyboard.press("Space");
  await page.keyboard.press("F8");
  await expectFocusSeen(page);
  await tabTo(page, page.getByRole("button", { name: "Undo" }));
  await page.keyboard.press("Enter");
  await expect(titles(page)).toHaveText(["Buy milk"]);
  await expect(page.getByRole("button", { name: "Delete “Buy milk”" })).toBeFocused();
  await expectFocusSeen(page);
});

test("of many messages F8 leads to those that are seen", async ({ page, ada, api }) => {
  await api.create(...["One", "Two", "Three", "Four", "Five"].map((title) => ({ title })));
  await logIn(page, ada);
  await holdMessages(page);
  await tabTo(page, page.getByRole("checkbox").first());
  for (const _ of [1, 2, 3, 4]) await page.keyboard.press("d");
  await expect(titles(page)).toHaveText(["One"]);
  await page.keyboard.press("F8");
  await tabTo(page, page.getByRole("button", { name: "Undo" }).last());
  await page.keyboard.press("Enter");
  await expect(titles(page)).toHaveCount(2);
});

test("the order is chosen with the arrows, and the focus goes back", async ({ page, ada }) => {
  await logIn(page, ada);
  const order = page.getByRole("button", { name: /^Order/ });
  await tabTo(page, order);
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("menuitemradio", { name: "Title, A to Z" }), "ArrowDown");
  await page.keyboard.press("Space");
  await expect(page).toHaveURL(/sort=title/);
  await expect(order).toBeFocused();
  await expectFocusSeen(page);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitemradio", { checked: true })).toHaveText("Title, A to Z");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await expect(order).toBeFocused();
});
