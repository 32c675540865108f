import { expect, fillInLogin, test } from "./support/test.ts";

// React reports what broke.
test.use({ complaints: /./ });

test("a page that breaks says so, and is there when it is loaded anew", async ({ page, ada }) => {
  // No server of ours answers so; a proxy in between might.
  await page.route("**/api/v1/tasks?*", (route) => route.fulfill({ json: [null] }), {
    times: 1,
  });
  await page.goto("/login");
  await fillInLogin(page, ada);
  await expect(page.getByRole("heading", { name: "Something went wrong here" })).toBeVisible();
  await page.getByRole("button", { name: "Load anew" }).click();
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
});
