/**
 * What this browser keeps for the app when a page is left. Browsers may forbid storage, or have no room
 * in it: then nothing is kept, and nothing breaks.
 */

/** What is kept under `key`; null if nothing is. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps `text` under `key`; null forgets what was kept. */
export function keep(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // It holds until the page is left.
  }
}
