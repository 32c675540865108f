import { message } from "./support/messages.ts";
import { problem } from "./support/requests.ts";
import { expect, fillInLogin, logIn, test, titles, untilLoaded } from "./support/test.ts";

test.use({ complaints: /status of (429|50[03])/ });

const REFUSALS = [
  { status: 500, kind: "internal", detail: "Something went wrong on our side.", saved: false },
  { status: 503, kind: "switched-off", detail: "This is switched off.", saved: false },
  {
    status: 503,
    kind: "outcome-unknown",
    detail: "Your change may have been saved or not. Look before you send it again.",
    saved: true,
  },
  { status: 429, kind: "too-many-requests", detail: "Try again in 3 s.", saved: false },
];

for (const { status, kind, detail, saved } of REFUSALS) {
  test(`a change that is answered ${kind} is shown as the server has it`, async ({
    page,
    ada,
    api,
  }) => {
    await api.create({ title: "Buy milk" });
    await logIn(page, ada);
    await untilLoaded(page);
    await page.route("**/complete", async (route) => {
      if (saved) await route.fetch();
      await route.fulfill(problem(status, kind, detail));
    });
    const looked = page.waitForResponse((answer) => answer.url().includes("/tasks?"));
    const box = page.getByRole("checkbox", { name: "Complete “Buy milk”" });
    await box.click();
    await expect(message(page, `“Buy milk” is as it was. ${detail}`)).toBeVisible();
    await looked;
    await expect(box).toBeChecked({ checked: saved });
    await expect(page.getByRole("link", { name: "Completed" })).toHaveText(
      `Completed${saved ? 1 : 0}`,
    );
  });

  test(`a log-in that is answered ${kind} says what to do`, async ({ page, ada }) => {
    await page.route("**/auth/login", (route) => route.fulfill(problem(status, kind, detail)));
    await page.goto("/login");
    await fillInLogin(page, ada);
    await expect(page.getByRole("alert").filter({ hasText: detail })).toBeVisible();
    await page.unroute("**/auth/login");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  });
}

test("a list that cannot be had says why, and is there when it is asked for again", async ({
  page,
  ada,
  api,
}) => {
  await api.create({ title: "Buy milk" });
  const refusal = problem(500, "internal", "Something went wrong on our side.");
  await page.route("**/api/v1/tasks?*", (route) => route.fulfill(refusal));
  await logIn(page, ada);
  const alert = page.getByRole("alert").filter({ hasText: "Your tasks cannot be shown" });
  await expect(alert).toContainText("Something went wrong on our side.");
  await page.unroute("**/api/v1/tasks?*");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(titles(page)).toHaveText(["Buy milk"]);
});

test("a list that cannot be had any more stays, and the banner says why", async ({
  page,
  ada,
  api,
}) => {
  await api.create({ title: "Buy milk" });
  await logIn(page, ada);
  await expect(titles(page)).toHaveText(["Buy milk"]);
  const refusal = problem(429, "too-many-requests", "Try again in 3 s.");
  await page.route("**/api/v1/tasks?*", (route) => route.fulfill(refusal));
  await page.getByRole("link", { name: "Pending" }).click();
  const banner = page.getByRole("status").filter({ hasText: "as it was last seen" });
  await expect(banner).toHaveText("Try again in 3 s. This is the list as it was last seen.");
  await expect(titles(page)).toHaveText(["Buy milk"]);
  await page.unroute("**/api/v1/tasks?*");
  await expect(banner).toHaveCount(0);
});
