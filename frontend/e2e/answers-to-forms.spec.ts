import { problem } from "./support/requests.ts";
import { expect, fillInLogin, logIn, type Person, test, titles } from "./support/test.ts";

// What the server refuses is heard in the console, too.
test.use({ complaints: /status of 4\d\d/ });

const NEWCOMER: Person = { name: "Grace", email: "grace@example.com", password: "wire of 30 cm" };

test("what the server alone knows stands at its field", async ({ page }) => {
  await page.route("**/auth/register", (route) =>
    route.fulfill(
      problem(
        400,
        "invalid-input",
        "Look again.",
        { field: "email", message: "must not be of this host" },
        { field: "password", message: "is known to thieves" },
      ),
    ),
  );
  await page.goto("/signup");
  const email = page.getByLabel("Email");
  const password = page.getByRole("textbox", { name: "Password" });
  await email.fill(NEWCOMER.email);
  await password.fill(NEWCOMER.password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(email).toHaveAccessibleDescription("Email must not be of this host.");
  await expect(password).toHaveAccessibleDescription(/^Password is known to thieves\./);
  await expect(email).toBeFocused();
  await expect(page.getByRole("main").getByRole("alert")).toBeHidden();
});

test("a field that the form does not have is told above it", async ({ page }) => {
  await page.route("**/auth/login", (route) =>
    route.fulfill(
      problem(400, "invalid-input", "Look again.", { field: "captcha", message: "is missing" }),
    ),
  );
  await page.goto("/login");
  await fillInLogin(page, NEWCOMER);
  await expect(page.getByRole("main").getByRole("alert")).toHaveText("Look again.");
});

test("a taken email is told above the form, whatever its case", async ({ page, ada }) => {
  await page.goto("/signup");
  await page.getByLabel("Email").fill(ada.email.toUpperCase());
  await page.getByRole("textbox", { name: "Password" }).fill(NEWCOMER.password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(/account with this email/i);
  await expect(page.getByLabel("Email")).toHaveValue(ada.email.toUpperCase());
  await expect(page).toHaveURL("/signup");
});

test("a wrong password is told above the form", async ({ page, ada }) => {
  await page.goto("/login");
  await page.getByLabel("Email").fill(ada.email);
  await page.getByRole("textbox", { name: "Password" }).fill("not the one");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main").getByRole("alert")).toContainText(/wrong/i);
  await expect(page.getByLabel("Email")).toHaveValue(ada.email);
});

test("a title that the server refuses goes back into the line", async ({ page, ada }) => {
  await logIn(page, ada);
  await page.route("**/api/v1/tasks", (route) =>
    route.fulfill(
      problem(422, "invalid-input", "Look again.", { field: "title", message: "is rude" }),
    ),
  );
  const line = page.getByLabel("New task");
  await line.fill("Grumble");
  await line.press("Enter");
  await expect(line).toHaveAccessibleDescription("The title is rude.");
  await expect(line).toHaveValue("Grumble");
  await expect(titles(page)).toHaveCount(0);
});
