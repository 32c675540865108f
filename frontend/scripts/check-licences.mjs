// Ends with 1 if a package that the app is built from or tested with has a licence that is not known
// to be harmless.
import { readFile } from "node:fs/promises";

const HARMLESS = new Set([
  "(MIT OR CC0-1.0)",
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT OR Apache-2.0",
  "MIT-0",
  // Fonts.
  "OFL-1.1",
  "Python-2.0",
  // Weak copyleft: of a tool, or of a library that is used as it is.
  "MPL-2.0",
]);
/** Packages that are harmless all the same. */
const KNOWN = [
  // LGPL: an image converter that Next.js brings along, and that an export neither runs nor holds.
  /^node_modules\/@img\/sharp-/,
  // BSD-3-Clause, which its file LICENSE says and its package.json does not.
  /^node_modules\/parse-cache-control$/,
];

const { packages } = JSON.parse(await readFile(new URL("../package-lock.json", import.meta.url)));
const refused = Object.entries(packages).filter(
  ([path, { license }]) =>
    path !== "" && !KNOWN.some((known) => known.test(path)) && !HARMLESS.has(license),
);
for (const [path, { license }] of refused)
  process.stderr.write(`${path}: ${license ?? "no licence"}\n`);
process.exitCode = refused.length > 0 ? 1 : 0;
