import { message } from "./support/messages.ts";
import { refreshes } from "./support/requests.ts";
import { expect, fillInLogin, logIn, test, titles } from "./support/test.ts";

test("tokens are where no script and no glance finds them", async ({ page, context, ada }) => {
  const answered = page.waitForResponse("**/auth/login");
  await logIn(page, ada);
  const { access_token, refresh_token } = await (await answered).json();
  const places = await page.evaluate(async () => ({
    stores: [{ ...localStorage }, { ...sessionStorage }, window.name, history.state],
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookie: document.cookie,
    address: location.href,
    page: document.documentElement.outerHTML,
  }));
  expect(places).toMatchObject({ cookie: "", databases: [], caches: [] });
  for (const token of [access_token, refresh_token]) {
    expect(token).toMatch(/\S{40}/);
    expect(JSON.stringify(places)).not.toContain(token);
  }
  expect(JSON.stringify(places)).not.toMatch(/\beyJ/);
  expect(await context.cookies()).toMatchObject([
    { name: "todo_refresh", httpOnly: true, sameSite: "Strict", path: "/api/v1/auth" },
  ]);
});

test("a reload restores the session with one request", async ({ page, context, ada, api }) => {
  await api.create({ title: "Buy milk" });
  await logIn(page, ada);
  const asked = refreshes(context);
  await page.reload();
  await expect(titles(page)).toHaveText(["Buy milk"]);
  expect(asked).toHaveLength(1);
});

test.describe("a session that was ended elsewhere", () => {
  test.use({ complaints: /status of 401/ });

  test("leads to log in, and back to what was shown", async ({ page, ada, api }) => {
    await api.create({ title: "Buy milk" }, { title: "Feed the cat", completed: true });
    await logIn(page, ada);
    await expect(titles(page)).toHaveText(["Feed the cat", "Buy milk"]);
    await api.call("DELETE", "auth/sessions");
    await page.getByRole("link", { name: "Completed" }).click();

    await expect(page.getByText(/^Your session has ended\. Log in/)).toBeVisible();
    await expect(page).toHaveURL(/\/login\?/);
    await expect(page.getByText("Feed the cat")).toHaveCount(0);
    await fillInLogin(page, ada);
    await expect(titles(page)).toHaveText(["Feed the cat"]);
    await expect(page).toHaveURL(/\/tasks\?status=completed$/);
  });

  test("is noticed at the next change, which is not lost in silence", async ({
    page,
    ada,
    api,
  }) => {
    await api.create({ title: "Buy milk" });
    await logIn(page, ada);
    await expect(titles(page)).toHaveText(["Buy milk"]);
    await api.call("DELETE", "auth/sessions");
    await page.getByRole("checkbox", { name: "Complete “Buy milk”" }).click();
    await expect(page).toHaveURL(/\/login\?reason=expired$/);
    await expect(message(page, "“Buy milk” is as it was.")).toBeVisible();
  });
});

test("after logging in nobody is led out of the app", async ({ page, server, ada }) => {
  const tricks = [
    "//evil.test",
    "https://evil.test/tasks",
    "/\\evil.test",
    "\\\\evil.test/tasks",
    "/tasks/../../evil",
    "/tasks@evil.test",
    "javascript:alert(1)",
    "data:text/html,hi",
    "/docs",
  ];
  await logIn(page, ada);
  for (const trick of tricks) {
    await page.goto(`/login?next=${encodeURIComponent(trick)}`);
    await expect(page, trick).toHaveURL(`${server.url}/tasks`);
  }
  await page.goto("/login?next=/account");
  await expect(page).toHaveURL(`${server.url}/account`);
});

test("whoever is not signed in is led to log in, and back", async ({ page, ada }) => {
  await page.goto("/tasks?status=pending");
  await expect(page).toHaveURL(/\/login\?next=/);
  await fillInLogin(page, ada);
  await expect(page).toHaveURL(/\/tasks\?status=pending$/);
});
