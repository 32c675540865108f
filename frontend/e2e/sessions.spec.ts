import { holdMessages, message } from "./support/messages.ts";
import { refreshes } from "./support/requests.ts";
import { addTasks, expect, fillInLogin, logIn, test, titles, untilLoaded } from "./support/test.ts";

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

test.describe("with tokens of two seconds", () => {
  // On a slow machine one may end on its way.
  test.use({ settings: { ACCESS_TOKEN_TTL: "2s" }, complaints: /status of 401/ });

  test("work goes on unnoticed when they have ended", async ({ page, context, server, ada }) => {
    let latest = "";
    page.on("request", (request) => {
      latest = request.headers().authorization ?? latest;
    });
    await logIn(page, ada);
    await untilLoaded(page);
    const status = async () => {
      const headers = { Authorization: latest };
      return (await fetch(`${server.url}/api/v1/tasks`, { headers })).status;
    };
    await expect.poll(status).toBe(401);

    const renewed = refreshes(context);
    await addTasks(page, "Buy milk");
    await expect(titles(page)).toBeEnabled();
    expect(renewed.length).toBeGreaterThan(0);
  });
});

test.describe("a session that was ended elsewhere", () => {
  test.use({ complaints: /status of 401/ });

  test("leads to log in, and back to what was shown", async ({ page, ada, api }) => {
    await api.create({ title: "Buy milk" }, { title: "Feed the cat", completed: true });
    await logIn(page, ada);
    await expect(titles(page)).toHaveText(["Feed the cat", "Buy milk"]);
    await untilLoaded(page);
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
    await untilLoaded(page);
    await holdMessages(page);
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
