/** The units to tell a time in, and how many seconds each has; months and years are rough. */
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long ago an instant is, such as `3 hours ago`. A clock that is a little off says `just now`. */
export function timeAgo(instant: string, now: number): string {
  const seconds = (now - Date.parse(instant)) / 1_000;
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? [];
  return unit && size ? words.format(-Math.floor(seconds / size), unit) : "just now";
}
