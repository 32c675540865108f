import type { NextConfig } from "next";

/** The modules that `@/auth/way-in` may stand for, by what NEXT_PUBLIC_AUTH says. */
const waysIn: Record<string, string> = {
  api: "./src/auth/api-auth.ts",
  "better-auth": "./src/auth/better-auth.ts",
};

const chosen = process.env.NEXT_PUBLIC_AUTH || "api";
const wayIn = waysIn[chosen];
if (!wayIn) {
  throw new Error(
    `NEXT_PUBLIC_AUTH is ${chosen}, and must be one of: ${Object.keys(waysIn).join(", ")}`,
  );
}
if (chosen === "better-auth" && !URL.canParse(process.env.NEXT_PUBLIC_BETTER_AUTH_URL ?? "")) {
  throw new Error(
    "NEXT_PUBLIC_AUTH is better-auth, so NEXT_PUBLIC_BETTER_AUTH_URL must be the URL of its server, such as http://localhost:3001",
  );
}

const config: NextConfig = {
  output: "export",
  reactStrictMode: true,
  // Only the way in that is used comes into the bundle.
  turbopack: { resolveAlias: { "@/auth/way-in": wayIn } },
};

export default config;
