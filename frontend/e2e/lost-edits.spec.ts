import { holdMessages, message } from "./support/messages.ts";
import { problem } from "./support/requests.ts";
import { expect, fillInLogin, logIn, test, titles, untilLoaded } from "./support/test.ts";

// Refused changes are asked for here.
test.use({ complaints: /status of (401|503)/ });

const WORDS = "A long description that took a while to write.";

test.beforeEach(async ({ page, ada, api }) => {
  await api.create({ title: "Write to Charles" });
  await logIn(page, ada);
  await untilLoaded(page);
  await page.getByRole("button", { name: "Edit “Write to Charles”" }).click();
  await page.getByLabel("Description").fill(WORDS);
});

test("an edit that could not be saved is offered again, wherever one is by then", async ({
  page,
  api,
}) => {
  await page.route("**/api/v1/tasks/*", (route) =>
    route.fulfill(problem(503, "unavailable", "The database does not answer.")),
  );
  await holdMessages(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(message(page, "Your edit is not saved.")).toBeVisible();
  await page.unrouteAll();
  await page.getByRole("link", { name: "Completed" }).click();
  await expect(page.getByRole("heading", { name: "Nothing completed yet" })).toBeVisible();

  await message(page, "Your edit is not saved.")
    .getByRole("button", { name: "Edit again" })
    .click();
  await expect(page.getByLabel("Description")).toHaveValue(WORDS);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(titles(page)).toContainText([WORDS]);
  await expect.poll(async () => (await api.tasks())[0]?.description).toBe(WORDS);
});

test("an edit that met the end of the session is open after logging in", async ({
  page,
  ada,
  api,
}) => {
  await api.call("DELETE", "auth/sessions");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your session has ended.").first()).toBeVisible();
  await fillInLogin(page, ada);
  await expect(page.getByLabel("Description")).toHaveValue(WORDS);
});

test("what was written stays while another task is opened, until it is given up", async ({
  page,
  api,
}) => {
  await api.create({ title: "Buy milk" });
  await page.reload();
  await page.getByRole("button", { name: "Edit “Write to Charles”" }).click();
  await page.getByLabel("Description").fill(WORDS);
  await page.getByRole("button", { name: "Edit “Buy milk”" }).click();
  await page.getByRole("button", { name: "Edit “Write to Charles”" }).click();
  await expect(page.getByLabel("Description")).toHaveValue(WORDS);
  await page.getByLabel("Description").press("Escape");
  await page.getByRole("button", { name: "Edit “Write to Charles”" }).click();
  await expect(page.getByLabel("Description")).toHaveValue("");
});
