import { defineConfig } from "@playwright/test";

/** Debian's Chromium, or another one. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** The sandbox of Chromium refuses to be run by root, as in a container. */
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // Each test has a server, a database and a browser context of its own.
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    launchOptions: { executablePath, args: isRoot ? ["--no-sandbox"] : [] },
    trace: "retain-on-failure",
    // What moves is out of the way of what is asserted; one test asks for motion.
    contextOptions: { reducedMotion: "reduce" },
  },
  projects: [
    { name: "api", testMatch: /\.spec\.ts$/, testIgnore: /better-auth/ },
    { name: "better-auth", testMatch: /better-auth\.spec\.ts$/ },
    // No tests, but made like them: a server of their own, and people who use it.
    { name: "lighthouse", testMatch: /tools\/lighthouse/, workers: 1 },
    { name: "screenshots", testMatch: /tools\/screenshots/, workers: 1 },
  ],
});
