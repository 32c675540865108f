/** What runs at the other end of a session, as far as its user agent tells. */
export interface Device {
  /** Such as `Firefox on Windows`. */
  readonly name: string;
  readonly kind: "computer" | "phone" | "program";
}

/** Each names itself besides those that come after it, so the first that is found it is. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(A|iOS)?\//, "Edge"],
  [/\bOPR\/|\bOPiOS\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/Chrom(e|ium)\/|\bCriOS\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
];

/** The same for systems. An iPad may say that it is a Mac; nothing tells it then. */
const SYSTEMS: readonly (readonly [RegExp, string, Device["kind"]])[] = [
  [/\biPhone\b|\biPod\b/, "iPhone", "phone"],
  [/\biPad\b/, "iPad", "phone"],
  [/\bAndroid\b/, "Android", "phone"],
  [/\bCrOS\b/, "ChromeOS", "computer"],
  [/\bWindows\b/, "Windows", "computer"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS", "computer"],
  [/\bLinux\b/, "Linux", "computer"],
];

/** Reads a user agent. What it does not know it calls by the name that the program gives itself. */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent?.trim()) return { name: "Unknown device", kind: "program" };
  const [, browser] = BROWSERS.find(([pattern]) => pattern.test(userAgent)) ?? [];
  const [, system, kind] = SYSTEMS.find(([pattern]) => pattern.test(userAgent)) ?? [];
  if (!browser && (!system || !userAgent.startsWith("Mozilla/"))) {
    const [program = ""] = userAgent.trim().split(/[/\s(]/);
    return { name: program.slice(0, 40) || "Unknown device", kind: "program" };
  }
  const name = system ? `${browser ?? "A browser"} on ${system}` : (browser ?? "");
  return { name, kind: kind ?? "computer" };
}
