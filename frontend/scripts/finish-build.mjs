// What a build needs besides the export, whoever serves it:
//
//   policies.json   the Content-Security-Policy of each page: which of its inline scripts may run, by
//                   their hashes, and which servers it may call
//   NAME.br, .gz    each file that compresses, as small as it gets
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";
import nextEnv from "@next/env";

// The build has read its settings from files, too.
nextEnv.loadEnvConfig(fileURLToPath(new URL("..", import.meta.url)));

const out = fileURLToPath(new URL("../out/", import.meta.url));
const compressible = new Set([
  ".css",
  ".html",
  ".ico",
  ".js",
  ".json",
  ".svg",
  ".txt",
  ".webmanifest",
]);
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

// The page for what is not there is 404.html; this is the same once more, with an address of its own.
for (const name of ["_not-found", "_not-found.html", "_not-found.txt"]) {
  await rm(join(out, name), { recursive: true, force: true });
}

const entries = await readdir(out, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile())
  .map((entry) => relative(out, join(entry.parentPath, entry.name)))
  .sort();

const policies = {};
for (const page of files.filter((file) => extname(file) === ".html")) {
  policies[page] = policyOf(await readFile(join(out, page), "utf8"));
}
await Promise.all(files.filter((file) => compressible.has(extname(file))).map(compress));
await writeFile(join(out, "policies.json"), `${JSON.stringify(policies, null, 2)}\n`);

/** The policy of a page: its own files, its own inline scripts, and the servers that it calls. */
function policyOf(html) {
  if (/<style|\sstyle=|\son\w+=/i.test(html.replaceAll(/<script\b.*?<\/script>/gis, ""))) {
    throw new Error("a page has an inline style or an event handler, which its policy forbids");
  }
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gis)];
  const hashes = new Set(inline.map(([, script]) => `'sha256-${sha256(script)}'`));
  const { NEXT_PUBLIC_API_URL, NEXT_PUBLIC_AUTH, NEXT_PUBLIC_BETTER_AUTH_URL } = process.env;
  const servers = [
    NEXT_PUBLIC_API_URL,
    NEXT_PUBLIC_AUTH === "better-auth" && NEXT_PUBLIC_BETTER_AUTH_URL,
  ]
    .filter(Boolean)
    .map((url) => new URL(url).origin);
  return [
    "default-src 'none'",
    ["script-src 'self'", ...hashes].join(" "),
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    ["connect-src 'self'", ...new Set(servers)].join(" "),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function sha256(text) {
  return createHash("sha256").update(text).digest("base64");
}

async function compress(file) {
  const path = join(out, file);
  const bytes = await readFile(path);
  const params = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  await writeFile(`${path}.br`, await brotli(bytes, { params }));
  await writeFile(`${path}.gz`, await gzip(bytes, { level: zlib.constants.Z_BEST_COMPRESSION }));
}
