// A Better Auth server as the app needs it, in memory, for the tests.
//
//   node better-auth-server.mjs HOST PORT ORIGIN…
//
// ORIGIN is where the page comes from. `GET /test/mails` answers the mails that it would have sent. It
// prints its URL when it listens, and ends with its standard input.
import { createServer } from "node:http";

import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";

const [host = "127.0.0.1", port = "0", ...origins] = process.argv.slice(2);
const mails = [];

// The address is part of the settings, and is known when the port is.
let answer;
const server = createServer((request, response) => {
  if (request.url === "/test/mails") return response.end(JSON.stringify(mails));
  allow(request, response);
  if (request.method === "OPTIONS") return response.writeHead(204).end();
  return answer(request, response);
});
server.listen(Number(port), host, () => {
  const url = `http://${host}:${server.address().port}`;
  answer = toNodeHandler(
    betterAuth({
      baseURL: url,
      secret: "a secret of the tests, and of nobody else",
      database: memoryAdapter({ user: [], session: [], account: [], verification: [], jwks: [] }),
      emailAndPassword: {
        enabled: true,
        revokeSessionsOnPasswordReset: true,
        sendResetPassword: async ({ user, url }) => void mails.push({ to: user.email, url }),
      },
      user: { deleteUser: { enabled: true } },
      session: { freshAge: 0 },
      plugins: [jwt()],
      trustedOrigins: origins,
      rateLimit: { enabled: false },
      telemetry: { enabled: false },
    }),
  );
  // biome-ignore lint/suspicious/noConsole: whoever started it reads the address
  console.log(url);
});

/** Lets the page call it with its cookies. */
function allow({ headers: { origin } }, response) {
  if (!origins.includes(origin)) return;
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Access-Control-Allow-Headers", "Content-Type");
  response.setHeader("Vary", "Origin");
}

process.stdin.resume().on("end", () => process.exit());
