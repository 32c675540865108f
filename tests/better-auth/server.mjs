// A Better Auth server as a front end runs it, in memory, for the tests of todo-api to talk to.
//
//   BETTER_AUTH_SECRET=… node server.mjs [ALGORITHM] [COOKIE]
//
// ALGORITHM is what the JWT plugin signs with: EdDSA (its default), ES256, ES512, PS256 or RS256.
// COOKIE is what the copy of the session in a cookie is signed with: `secret` (the default) or `key`.
// It listens on a free port of this machine, prints its URL, and ends with its standard input.
import { createServer } from "node:http";

import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { bearer, createJwk, jwt } from "better-auth/plugins";

const [alg, cookie = "secret"] = process.argv.slice(2);

const options = {
  // Without an algorithm the plugin keeps to its default, as most front ends do.
  jwks: alg ? { keyPairConfig: { alg } } : {},
  sessionCookieCache: cookie === "key",
};
const database = { user: [], session: [], account: [], verification: [], jwks: [] };

// The address is part of the settings, and is known when the port is.
let handle;
const server = createServer((request, response) => handle(request, response));
server.listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const auth = betterAuth({
    baseURL: url,
    secret: process.env.BETTER_AUTH_SECRET,
    database: memoryAdapter(database),
    emailAndPassword: { enabled: true },
    plugins: [jwt(options), bearer()],
    session: { cookieCache: { enabled: true, strategy: "jwt", maxAge: 300 } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  });
  const answer = toNodeHandler(auth);
  handle = async (request, response) => {
    const test = tests[`${request.method} ${request.url}`];
    if (!test) return answer(request, response);
    await test(await auth.$context);
    response.writeHead(204).end();
  };
  console.log(url);
});

// What only a test may do: rotate the key, as the plugin does when one expires, and drop the old ones.
const tests = {
  "POST /test/rotate": (context) => createJwk({ context }, options),
  "POST /test/drop": () => database.jwks.splice(0, database.jwks.length - 1),
};

process.stdin.resume().on("end", () => process.exit());
