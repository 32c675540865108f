// Answers that come when somebody else is signed in by then, or nobody.
import { Caller } from "./support/api.ts";
import { keepWaiting } from "./support/requests.ts";
import { expect, fillInLogin, logIn, pickLogOut, register, test, titles } from "./support/test.ts";

test.describe("of requests that are refused meanwhile", () => {
  // The token of who has left is refused.
  test.use({ complaints: /status of 401/ });

  test("no task that one user wrote becomes another's", async ({ page, server, ada, api }) => {
    const grace = await register(server, "Grace");
    await logIn(page, ada);
    const answer = await keepWaiting(page, /\/tasks$/);
    for (const title of ["Ada's first secret", "Ada's second secret"]) {
      await page.getByLabel("New task").fill(title);
      await page.getByLabel("New task").press("Enter");
    }
    await pickLogOut(page);
    // They are waited for, but not for ever.
    await expect(page).toHaveURL(/\/login/, { timeout: 20_000 });
    await fillInLogin(page, grace);
    await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
    await answer();
    const graces = await Caller.of(server, grace);
    await graces.create({ title: "Grace's own" });
    await expect(page.getByText("Ada's")).toHaveCount(0);
    await page.reload();
    await expect(titles(page)).toHaveText(["Grace's own"]);
    expect(await graces.titles()).toEqual(["Grace's own"]);
    expect(await api.titles()).toEqual([]);
  });
});

test("logging out twice ends the session of nobody who comes after", async ({
  page,
  server,
  ada,
}) => {
  const grace = await register(server, "Grace");
  await logIn(page, ada);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const answer = await keepWaiting(page, /\/auth\/logout$/);
  await pickLogOut(page);
  await pickLogOut(page);
  await answer();
  await expect(page).toHaveURL(/\/login/);
  await fillInLogin(page, grace);
  await expect(page.getByRole("button", { name: "Account of Grace" })).toBeVisible();
  expect(asked.filter((path) => path.endsWith("/logout"))).toHaveLength(1);
});

test("whoever logs in while a session is looked for stays who they are", async ({
  page,
  server,
  ada,
}) => {
  const grace = await register(server, "Grace");
  await logIn(page, ada);
  const answer = await keepWaiting(page, /\/auth\/refresh$/);
  await page.goto("/login");
  await fillInLogin(page, grace);
  await answer();
  await expect(page.getByRole("button", { name: "Account of Grace" })).toBeVisible();
  await page.unrouteAll();
  await page.reload();
  await expect(page.getByRole("button", { name: "Account of Grace" })).toBeVisible();
});
