/** What the tabs of a browser ask the server for. */
import type { BrowserContext, Page, Request, Route } from "@playwright/test";

/** The requests for a new token, from now on and in all tabs. */
export function refreshes(context: BrowserContext): readonly Request[] {
  const heard: Request[] = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/auth/refresh")) heard.push(request);
  });
  return heard;
}

/**
 * The server has done a change of a task. To be called before that change, and waited for before the page
 * is left: what is shown at once may not have been sent yet.
 */
export async function taskSaved(page: Page, method: "POST" | "PUT" | "PATCH" | "DELETE") {
  await page.waitForResponse(
    (answer) =>
      answer.request().method() === method && answer.url().includes("/tasks") && answer.ok(),
  );
}

/** Keeps the calls of an address waiting, until the answer is called: then they are on their way. */
export async function keepWaiting(page: Page, url: RegExp): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let released = false;
  await page.route(url, async (route) => {
    if (released) await route.continue();
    else held.push(route);
  });
  return async () => {
    released = true;
    await Promise.all(held.map((route) => route.continue()));
  };
}

/** A field that breaks a rule. */
interface Fault {
  readonly field: string;
  readonly message: string;
}

/** What the API answers when it does not do what it is asked for; `errors` are the fields to blame. */
export function problem(status: number, kind: string, detail: string, ...errors: Fault[]) {
  const type = `urn:todo:problem:${kind}`;
  const document = { type, title: kind, status, detail, request_id: "r-1" };
  return {
    status,
    contentType: "application/problem+json",
    json: errors.length > 0 ? { ...document, errors } : document,
  };
}
