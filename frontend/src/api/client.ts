/** The API, typed by its OpenAPI document. Every call to it goes through here. */
import createClient from "openapi-fetch";

import { isTokenRefused, Problem } from "./problem";
import { reach } from "./reach";
import type { components, paths } from "./schema";

/** Where the API is; empty for the server that the page came from. */
export const API_URL = process.env.NEXT_PUBLIC_API_URL ?? "";

export type Schemas = components["schemas"];

/** Who gives the tokens that the calls of one user are made with. */
export interface TokenSource {
  /**
   * A token of that user that opens the API. `rejected` is one that the API has just refused: then it
   * is another one.
   *
   * @throws {NotSignedIn} if the user is not signed in any more.
   * @throws {Unreachable} {Problem} if nobody can tell.
   */
  accessToken(rejected?: string): Promise<string>;
}

/** What the API is called with; failures are thrown as {@link Problem} or {@link Unreachable}. */
export type Api = ReturnType<typeof openApi>;

/** Calls that need nobody to be signed in. The refresh cookie goes with them. */
export function openApi() {
  return createClient<paths>({ baseUrl: API_URL, credentials: "include", fetch: send });
}

/** Calls in the name of a user. */
export function apiFor(tokens: TokenSource): Api {
  return createClient<paths>({
    baseUrl: API_URL,
    credentials: "include",
    fetch: (request) => authorized(tokens, request),
  });
}

/** What a call answered. Its failures have been thrown. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** Sends the request with a token, and once more with another one if the API refuses the first. */
async function authorized(tokens: TokenSource, request: Request): Promise<Response> {
  const again = request.clone();
  const token = await tokens.accessToken();
  try {
    return await send(withToken(request, token));
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return await send(withToken(again, await tokens.accessToken(token)));
  }
}

async function send(request: Request): Promise<Response> {
  const response = await reach(request);
  if (!response.ok) throw await Problem.of(response);
  return response;
}

function withToken(request: Request, token: string): Request {
  request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}
