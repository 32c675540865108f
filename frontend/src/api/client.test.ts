import { afterEach, describe, expect, test, vi } from "vitest";

import { answer, apiFor, type TokenSource } from "./client";
import { Problem, Unreachable } from "./problem";

afterEach(() => vi.unstubAllGlobals());

/** A server in the place of the network, which hears every request. */
function serve(respond: (request: Request) => Response | Promise<Response>) {
  const heard: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    heard.push(request);
    return await respond(request);
  });
  // A page has an address that paths are relative to.
  vi.stubGlobal(
    "Request",
    class extends Request {
      constructor(input: string, init?: RequestInit) {
        super(typeof input === "string" ? new URL(input, "http://todo.test") : input, init);
      }
    },
  );
  return heard;
}

function problem(status: number, kind: string, fields?: object[]) {
  const body = {
    type: `urn:todo:problem:${kind}`,
    status,
    detail: "Say what to do.",
    errors: fields,
  };
  return Response.json(body, { status, headers: { "X-Request-Id": "r-1" } });
}

/** Hands out one token after the other, each time that one was refused. */
function tokens(...list: string[]): TokenSource {
  let current = list.shift() ?? "none";
  return {
    async accessToken(rejected) {
      if (rejected !== undefined && rejected === current) current = list.shift() ?? "none";
      return current;
    },
  };
}

const bearer = (request: Request) => request.headers.get("Authorization");

describe("a call in the name of a user", () => {
  test("carries the token", async () => {
    const heard = serve(() => Response.json([]));
    await answer(apiFor(tokens("one")).GET("/api/v1/tasks"));
    expect(heard.map(bearer)).toEqual(["Bearer one"]);
  });

  test("is sent again, body and all, when its token is refused", async () => {
    const heard = serve((request) =>
      bearer(request) === "Bearer two" ? Response.json({ id: 1 }) : problem(401, "invalid-token"),
    );
    const body = { title: "Buy milk" };
    await answer(apiFor(tokens("one", "two")).POST("/api/v1/tasks", { body }));
    expect(heard.map(bearer)).toEqual(["Bearer one", "Bearer two"]);
    expect(await heard[1]?.json()).toEqual(body);
  });

  test("is sent twice at most", async () => {
    const heard = serve(() => problem(401, "invalid-token"));
    const call = answer(apiFor(tokens("one", "two", "three")).GET("/api/v1/tasks"));
    await expect(call).rejects.toMatchObject({ status: 401 });
    expect(heard).toHaveLength(2);
  });

  test("is not sent again for a wrong password, which no other token mends", async () => {
    const heard = serve(() => problem(401, "wrong-password"));
    const body = { current_password: "12345678", new_password: "87654321" };
    const call = apiFor(tokens("one", "two")).POST("/api/v1/auth/password/change", { body });
    await expect(answer(call)).rejects.toMatchObject({ kind: "wrong-password" });
    expect(heard).toHaveLength(1);
  });
});

describe("a call that fails", () => {
  test("throws the problem that the server tells of", async () => {
    const field = { field: "title", code: "too_long", message: "must have at most 200 characters" };
    serve(() => problem(422, "invalid-input", [field]));
    const call = answer(apiFor(tokens("one")).GET("/api/v1/tasks"));
    await expect(call).rejects.toMatchObject({
      status: 422,
      kind: "invalid-input",
      message: "Say what to do.",
      fields: [field],
      requestId: "r-1",
    });
  });

  test("throws a problem for the error page of a proxy, too", async () => {
    serve(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    const failure = await answer(apiFor(tokens("one")).GET("/api/v1/tasks")).catch((e) => e);
    expect(failure).toBeInstanceOf(Problem);
    expect(failure).toMatchObject({ status: 502, kind: "unknown", fields: [] });
  });

  test("says that nothing was reached when no answer comes", async () => {
    serve(() => Promise.reject(new TypeError("Failed to fetch")));
    const call = answer(apiFor(tokens("one")).GET("/api/v1/tasks"));
    await expect(call).rejects.toBeInstanceOf(Unreachable);
  });
});
