/** Measures the built app with Lighthouse, as a phone with a slow connection gets it: `npm run lighthouse`. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type LaunchOptions, type Page } from "@playwright/test";
import lighthouse from "lighthouse";

import { addTasks, expect, logIn, type Person, test } from "../support/test.ts";

const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
/** What each must reach of 100. */
const GOAL = 95;

test.describe.configure({ mode: "serial" });

for (const path of ["/login", "/signup", "/forgot-password"]) {
  test(`${path} reaches ${GOAL}`, async ({ baseURL, launchOptions }) => {
    await withBrowser(launchOptions, async (_page, port) => measure(`${baseURL}${path}`, port));
  });
}

for (const path of ["/tasks", "/account"]) {
  test(`${path} reaches ${GOAL} for a user with twenty tasks`, async ({
    baseURL,
    launchOptions,
    ada,
  }) => {
    await withBrowser(launchOptions, async (page, port) => {
      await signInAndFill(page, `${baseURL}`, ada);
      await measure(`${baseURL}${path}`, port);
    });
  });
}

async function signInAndFill(page: Page, baseURL: string, person: Person) {
  await logIn(page, person, baseURL);
  await addTasks(page, ...Array.from({ length: 20 }, (_, index) => `Task number ${index + 1}`));
}

/** A browser that Lighthouse can take over: it keeps who is signed in, and listens on a port. */
async function withBrowser(
  launchOptions: LaunchOptions,
  use: (page: Page, port: number) => Promise<void>,
) {
  const profile = await mkdtemp(join(tmpdir(), "todo-lighthouse-"));
  const port = await freePort();
  const args = [...(launchOptions.args ?? []), `--remote-debugging-port=${port}`];
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions, args });
  try {
    await use(context.pages()[0] ?? (await context.newPage()), port);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

async function measure(url: string, port: number) {
  const result = await lighthouse(url, {
    port,
    onlyCategories: [...CATEGORIES],
    // Who is signed in stays so.
    disableStorageReset: true,
    logLevel: "error",
  });
  const { categories = {}, audits = {} } = result?.lhr ?? {};
  const scores = CATEGORIES.map((name) => Math.round((categories[name]?.score ?? 0) * 100));
  const [paint, blocked] = ["largest-contentful-paint", "total-blocking-time"].map(
    (audit) => audits[audit]?.displayValue,
  );
  const { pathname } = new URL(url);
  process.stdout.write(`| ${[pathname, ...scores, paint, blocked].join(" | ")} |\n`);
  const lost = Object.values(audits)
    .filter(
      ({ score, scoreDisplayMode }) =>
        score !== null && score < 0.9 && scoreDisplayMode !== "informative",
    )
    .map(({ title, displayValue }) => `${title} ${displayValue ?? ""}`);
  expect(
    Math.min(...scores),
    `scores ${scores}; lost by: ${lost.join("; ")}`,
  ).toBeGreaterThanOrEqual(GOAL);
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
