/**
 * Who is signed in in this browser, written down for all of its tabs: the user's id, no secret. So a
 * tab notices when another one signs in or out.
 */
import { keep, kept } from "@/ui/storage";

const KEY = "todo.user";

/** The id of the user, as far as the tabs know; null for nobody. */
export function marked(): string | null {
  return kept(KEY);
}

export function mark(userId: string | null): void {
  keep(KEY, userId);
}

/** Calls `listener` when another tab has marked somebody else, or nobody. */
export function onMark(listener: (userId: string | null) => void): void {
  window.addEventListener("storage", (event) => {
    // `key` is null when all of the storage was cleared.
    if (event.key === KEY || event.key === null) listener(event.newValue);
  });
  // A page that was put aside has missed what happened meanwhile.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) listener(marked());
  });
}
