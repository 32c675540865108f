import { keepWaiting, problem } from "./support/requests.ts";
import { addTasks, expect, filter, logIn, test, titles } from "./support/test.ts";

/** The address of the first page of a list. */
const LIST = /\/api\/v1\/tasks\?/;

test("an empty list says what to do, each filter in its own words", async ({ page, ada }) => {
  await logIn(page, ada);
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  await filter(page, "Pending").click();
  await expect(page.getByRole("heading", { name: "All done" })).toBeVisible();
  await filter(page, "Completed").click();
  await expect(page.getByRole("heading", { name: "Nothing completed yet" })).toBeVisible();
  await filter(page, "All").click();
  await addTasks(page, "Buy milk");
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeHidden();
});

test("a list that is on its way is announced", async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk" });
  const answer = await keepWaiting(page, LIST);
  await logIn(page, ada);
  await expect(page.getByText("Your tasks are loading.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeHidden();
  await answer();
  await expect(titles(page)).toHaveText(["Buy milk"]);
  await expect(page.getByText("Your tasks are loading.")).toBeHidden();
});

test("nothing moves when what was loading is there", async ({ page, ada, api }) => {
  await api.create({ title: "Buy milk" });
  await logIn(page, ada);
  const answer = await keepWaiting(page, /\/auth\/refresh$/);
  await page.reload();
  const top = (element: Element) => element.getBoundingClientRect().top;
  const shape = page.getByText("Your tasks are loading.").locator("+ div > div > div").last();
  const before = await shape.evaluate(top);
  await answer();
  expect(await page.getByRole("list", { name: "Tasks" }).evaluate(top)).toBe(before);
});

test.describe("when the server is in trouble", () => {
  test.use({ complaints: /status of 503|net::ERR_FAILED/ });

  test("the list says why, and is tried again on demand", async ({ page, ada, api }) => {
    await api.create({ title: "Buy milk" });
    const refusal = problem(503, "unavailable", "The database is away.");
    await page.route(LIST, (route) => route.fulfill(refusal));
    await logIn(page, ada);
    const alert = page.getByRole("main").getByRole("alert");
    await expect(alert).toContainText("Your tasks cannot be shown");
    await expect(alert).toContainText("The database is away.");
    await page.unroute(LIST);
    await alert.getByRole("button", { name: "Try again" }).click();
    await expect(titles(page)).toHaveText(["Buy milk"]);
    await expect(alert).toBeHidden();
  });

  test("a server that does not answer is named", async ({ page, ada }) => {
    await page.route(LIST, (route) => route.abort());
    await logIn(page, ada);
    await expect(page.getByRole("main").getByRole("alert")).toContainText(
      "The server cannot be reached.",
    );
  });
});
