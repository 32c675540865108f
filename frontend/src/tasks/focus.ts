/** Where the focus is among the tasks, and where it goes. */
import { NEW_TASK } from "./shortcuts";

/** The parts of a row that take the focus; see TaskRow. */
type Part = "complete" | "edit" | "delete";

/** The id of the task that has the focus. */
export function focusedTask(): number | null {
  return taskOf(document.activeElement);
}

/** The id of the task whose row holds the element. */
export function taskOf(element: Element | null): number | null {
  const row = rowOf(element);
  return row ? Number(row.dataset.task) : null;
}

/** Moves the focus to the next task, or the one before; to the first one if none has it. */
export function moveFocus(step: 1 | -1): void {
  const row = rowOf(document.activeElement);
  const part = document.activeElement?.getAttribute("data-part") ?? "complete";
  const rows = rowsWith(part, row);
  const index = row ? rows.indexOf(row) + step : 0;
  // Above the first task is the line for a new one.
  if (index < 0) focusNewTask();
  else partOf(rows[index], part)?.focus();
}

/**
 * Keeps the focus in the list when the task that has it is about to leave: before it does, for the next
 * key may come at once.
 */
export function leaveTask(id: number): void {
  const row = rowOf(document.activeElement);
  if (row?.dataset.task !== String(id)) return;
  const rows = rowsWith("complete", row);
  const index = rows.indexOf(row);
  const neighbour = rows[index + 1] ?? rows[index - 1];
  if (neighbour) partOf(neighbour, "complete")?.focus();
  else focusNewTask();
}

/** Gives the focus to a part of a task, once it is there. */
export function focusPart(id: number, part: Part): void {
  requestAnimationFrame(() => {
    const row = allRows().find((other) => other.dataset.task === String(id));
    partOf(row, part)?.focus();
  });
}

export function focusNewTask(): void {
  document.getElementById(NEW_TASK)?.focus();
}

function allRows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-task]")];
}

/** The rows of which `part` takes the focus, and `current`, which has it. */
function rowsWith(part: string, current: HTMLElement | null): HTMLElement[] {
  return allRows().filter((row) => row === current || partOf(row, part));
}

function rowOf(element: Element | null): HTMLElement | null {
  return element?.closest<HTMLElement>("[data-task]") ?? null;
}

/** A part of a row, if it takes the focus: not in an editor, nor while the task is being made. */
function partOf(row: HTMLElement | undefined, part: string): HTMLElement | null {
  return row?.querySelector<HTMLElement>(`[data-part="${CSS.escape(part)}"]:enabled`) ?? null;
}
