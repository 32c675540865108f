/** What the tabs of a browser ask the server for. */
import type { BrowserContext, Request } from "@playwright/test";

/** The requests for a new token, from now on and in all tabs. */
export function refreshes(context: BrowserContext): readonly Request[] {
  const heard: Request[] = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/auth/refresh")) heard.push(request);
  });
  return heard;
}

/** What the API answers when it does not do what it is asked for. */
export function problem(status: number, kind: string, detail: string) {
  return {
    status,
    contentType: "application/problem+json",
    json: { type: `urn:todo:problem:${kind}`, title: kind, status, detail, request_id: "r-1" },
  };
}
