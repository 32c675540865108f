/** The app that is built for Better Auth, at a real server of it; the real binary takes its tokens. */
import { join } from "node:path";

import { Program } from "./process.ts";
import { built, Server } from "./server.ts";
import { test as base } from "./test.ts";

/** Where the build looks for it: see `build:both`. One test at a time can have it. */
export const BETTER_AUTH = "http://127.0.0.1:3417";
const { hostname, port } = new URL(BETTER_AUTH);

export const test = base.extend({
  server: async ({ settings }, use) => {
    const server = await Server.start({
      WEB_APP_DIR: await built("out-better-auth"),
      JWKS_URL: `${BETTER_AUTH}/api/auth/jwks`,
      ...settings,
    });
    const script = join(import.meta.dirname, "../better-auth-server.mjs");
    const args = [script, hostname, port, server.url];
    const [betterAuth] = await Program.start(process.execPath, args, {}, /(http:\S+)/);
    await use(server);
    await betterAuth.kill();
    await server.dispose();
  },
});
