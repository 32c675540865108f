import { message } from "./support/messages.ts";
import { keepWaiting, problem } from "./support/requests.ts";
import { expect, fillInLogin, logIn, test } from "./support/test.ts";

// Refused tasks are asked for here.
test.use({ complaints: /status of (401|503)/ });

test("a task that could not be added is in the line, wherever one was meanwhile", async ({
  page,
  ada,
}) => {
  await logIn(page, ada);
  let refuse = () => {};
  const refused = new Promise<void>((resolve) => {
    refuse = resolve;
  });
  await page.route("**/api/v1/tasks", async (route) => {
    await refused;
    await route.fulfill(problem(503, "unavailable", "The database does not answer."));
  });
  await page.getByLabel("New task").fill("Call Charles");
  await page.getByLabel("New task").press("Enter");
  await page.getByRole("button", { name: "Account of Ada" }).click();
  await page.getByRole("menuitem", { name: "Account" }).click();
  await expect(page.getByRole("heading", { name: "Account", exact: true })).toBeVisible();
  refuse();
  await expect(message(page, "“Call Charles” is not added.")).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel("New task")).toHaveValue("Call Charles");
});

test("tasks that met the end of the session are there after logging in", async ({
  page,
  ada,
  api,
}) => {
  await logIn(page, ada);
  await api.call("DELETE", "auth/sessions");
  const answer = await keepWaiting(page, /\/tasks$/);
  await page.getByLabel("New task").fill("Call Charles");
  await page.getByLabel("New task").press("Enter");
  await page.getByLabel("New task").fill("Buy");
  await answer();
  await expect(page.getByText("Your session has ended.").first()).toBeVisible();
  await fillInLogin(page, ada);
  await expect(page.getByLabel("New task")).toHaveValue("Buy");
  await message(page, "“Call Charles” is not added.")
    .getByRole("button", { name: "Add again" })
    .click();
  await expect.poll(() => api.titles()).toEqual(["Call Charles"]);
});
