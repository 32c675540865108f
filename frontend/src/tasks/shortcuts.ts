"use client";

import { useEffect, useEffectEvent, useRef } from "react";

import { useSingleKeys } from "./single-keys";

/** The id of the line that the next task is written in. */
export const NEW_TASK = "new-task";

/** What a single key does, anywhere on the dashboard but in a field. */
export type Action =
  | "new"
  | "next"
  | "previous"
  | "complete"
  | "edit"
  | "delete"
  | "undo"
  | "all"
  | "pending"
  | "completed"
  | "help";

/** The keys and what they do, in the order in which they are listed. */
export const SHORTCUTS: readonly { action: Action; keys: readonly string[]; what: string }[] = [
  { action: "new", keys: ["n"], what: "Write a new task" },
  { action: "next", keys: ["j", "ArrowDown"], what: "Go to the next task" },
  { action: "previous", keys: ["k", "ArrowUp"], what: "Go to the task before" },
  { action: "complete", keys: ["x"], what: "Complete the task, or open it again" },
  { action: "edit", keys: ["e"], what: "Edit the task" },
  { action: "delete", keys: ["d", "Delete"], what: "Delete the task" },
  { action: "undo", keys: ["z"], what: "Undo the last deletion" },
  { action: "all", keys: ["1"], what: "Show all tasks" },
  { action: "pending", keys: ["2"], what: "Show what is pending" },
  { action: "completed", keys: ["3"], what: "Show what is completed" },
  { action: "help", keys: ["?"], what: "Show this list" },
];

const ACTIONS = new Map(SHORTCUTS.flatMap(({ action, keys }) => keys.map((key) => [key, action])));

/** What a key goes on doing while it is held down. */
const REPEATED: ReadonlySet<Action> = new Set<Action>(["next", "previous"]);

/** Calls `act` for each key that means something, if the user wants that. */
export function useShortcuts(act: (action: Action) => void) {
  const [enabled] = useSingleKeys();
  const begun = useRef<string | null>(null);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const { key, repeat } = event;
    const action = ACTIONS.get(key);
    const isOurs = action !== undefined && !isForSomethingElse(event);
    if (!repeat) begun.current = isOurs ? key : null;
    if (key !== begun.current) return;
    // Nor does a key that is held write into the field that it has led to.
    event.preventDefault();
    if (isOurs && (!repeat || REPEATED.has(action))) act(action);
  });
  useEffect(() => {
    if (!enabled) return;
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [enabled]);
}

/** Whether the key is the browser's, or goes into a field, a menu or a dialog. */
function isForSomethingElse(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return true;
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const { key, target } = event;
  if (!(target instanceof Element)) return false;
  // Arrows scroll the page, unless the focus is among the tasks, or on the line above them.
  if (key === "ArrowDown" && target.id === NEW_TASK) return false;
  if (key.startsWith("Arrow") && !target.closest("[data-task]")) return true;
  const takesKeys = "input:not([type=checkbox]), textarea, select, [role=menu], [role=dialog]";
  return target.closest(takesKeys) !== null;
}
