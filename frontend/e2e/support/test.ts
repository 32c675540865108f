/** What every test begins with: a server, a page at it, and people who use it. */
import { test as base, expect, type Page } from "@playwright/test";

import { Caller } from "./api.ts";
import { taskSaved } from "./requests.ts";
import { Server } from "./server.ts";

export { expect };

/** Somebody with an account. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

interface Fixtures {
  /** Environment variables of the service: `test.use({ settings: … })`. */
  settings: Readonly<Record<string, string>>;
  server: Server;
  /** Ada, who has an account and is signed in nowhere. */
  ada: Person;
  /** The API in the name of Ada. */
  api: Caller;
  /** What the browser complained of and may: `test.use({ complaints: /…/ })`. */
  complaints: RegExp;
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  complaints: [/^$/, { option: true }],

  server: async ({ settings }, use) => {
    const server = await Server.start(settings);
    await use(server);
    await server.dispose();
  },

  baseURL: async ({ server }, use) => use(server.url),

  ada: async ({ server }, use) => use(await register(server, "Ada Lovelace")),

  api: async ({ server, ada }, use) => use(await Caller.of(server, ada)),

  /** Tabs in which nothing goes wrong unseen: no error in a console, no breach of a policy. */
  context: async ({ context, complaints }, use) => {
    const unexpected: string[] = [];
    const hear = (complaint: string) => {
      if (!complaints.test(complaint)) unexpected.push(complaint);
    };
    context.on("weberror", (failure) => hear(String(failure.error())));
    context.on("console", (message) => {
      if (message.type() === "error") hear(`${message.text()} ${message.location().url}`);
    });
    await use(context);
    expect(unexpected, "complaints of the browser").toEqual([]);
  },
});

let people = 0;

/** Makes an account, by the API alone. */
export async function register(server: Server, name: string): Promise<Person> {
  people += 1;
  const person = { name, email: `person${people}@example.com`, password: "correct horse battery" };
  const response = await fetch(`${server.url}/api/v1/auth/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(person),
  });
  expect(response.status).toBe(201);
  return person;
}

/** Fills in the form of the log-in page, and sends it. */
export async function fillInLogin(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

/** Logs in, and waits for the tasks. */
export async function logIn(page: Page, person: Person, baseURL = ""): Promise<void> {
  await page.goto(`${baseURL}/login`);
  await fillInLogin(page, person);
  await expect(page.getByRole("heading", { name: "Tasks" })).toBeVisible();
}

/** Waits until all that the page of the tasks asks for at first is there. */
export async function untilLoaded(page: Page): Promise<void> {
  await expect(filter(page, "All")).toHaveText(/\d$/);
  await expect(page.getByText("Your tasks are loading.")).toBeHidden();
}

/** Asks to be logged out, by the menu. */
export async function pickLogOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Account of / }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
}

/** Logs out by the menu, and waits until that is done. */
export async function logOut(page: Page): Promise<void> {
  await pickLogOut(page);
  await expect(page.getByText("You are logged out.")).toBeVisible();
}

/** Writes tasks down, one after the other, and waits until the server has them. */
export async function addTasks(page: Page, ...titles: readonly string[]): Promise<void> {
  for (const title of titles) {
    const saved = taskSaved(page, "POST");
    await page.getByLabel("New task").fill(title);
    await page.getByLabel("New task").press("Enter");
    await saved;
  }
}

/** The titles of the list, from above. */
export function titles(page: Page) {
  return page.getByRole("list", { name: "Tasks" }).getByRole("button", { name: /^Edit / });
}

/** What says how many tasks a filter shows. */
export function filter(page: Page, name: string) {
  return page.getByRole("navigation", { name: "Filter" }).getByRole("link", { name });
}
