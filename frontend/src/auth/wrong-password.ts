import { Problem } from "@/api/problem";

/** The kind of the problem that the user's own password, given once more, is not theirs. */
export const WRONG_PASSWORD = "wrong-password";

/** What `attempt` answers; if it fails for a wrong password, the problem names the field that held it. */
export async function blaming<T>(
  field: "password" | "current_password",
  attempt: Promise<T>,
): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== WRONG_PASSWORD) throw error;
    const { status, kind, message, requestId } = error;
    const fields = [{ field, code: kind, message: "is wrong" }];
    throw new Problem(status, kind, message, fields, requestId);
  }
}
