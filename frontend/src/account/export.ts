import { answer, apiFor } from "@/api/client";
import { Unreachable } from "@/api/problem";
import { auth, type User } from "@/auth";

/** Saves all that is held on the user as a file. */
export async function saveExport(user: User): Promise<void> {
  const call = apiFor(auth().tokensOf(user)).GET("/api/v1/auth/me/export", { parseAs: "blob" });
  save(await answer(call).catch(asUnreachable), `todo-export-${today()}.json`);
}

/** It streams, so it may break off on its way; then the browser throws an error of its own. */
function asUnreachable(error: unknown): never {
  throw error instanceof TypeError ? new Unreachable(error) : error;
}

function save(file: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Not at once: some browsers read it only after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The day where the user is, such as `2026-11-21`. */
function today(): string {
  const now = new Date();
  const [month, day] = [now.getMonth() + 1, now.getDate()].map((n) => `${n}`.padStart(2, "0"));
  return `${now.getFullYear()}-${month}-${day}`;
}
