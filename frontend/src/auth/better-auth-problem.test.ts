import { describe, expect, test } from "vitest";

import { isPassing } from "@/api/problem";
import { NO_SESSION, problemOf } from "./better-auth-problem";

describe("an error of Better Auth", () => {
  test("names the field that is to blame", () => {
    const code = "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL";
    const problem = problemOf({ status: 422, code, message: "User already exists." });
    expect(problem.kind).toBe("email-taken");
    expect(problem.fields.map(({ field }) => field)).toEqual(["email"]);
  });

  test("calls the new password what the form calls it", () => {
    const error = { status: 400, code: "PASSWORD_TOO_SHORT" };
    expect(problemOf(error).fields[0]?.field).toBe("password");
    expect(problemOf(error, "new_password").fields[0]?.field).toBe("new_password");
  });

  test("tells an email that its schema refuses", () => {
    const message = "[body.email] Invalid email address";
    const problem = problemOf({ status: 400, code: "VALIDATION_ERROR", message });
    expect(problem.fields[0]?.message).toMatch(/email address/);
  });

  test("leaves it to the form which field held a wrong password", () => {
    const problem = problemOf({ status: 400, code: "INVALID_PASSWORD" });
    expect(problem.kind).toBe("wrong-password");
    expect(problem.fields).toEqual([]);
  });

  test("tells a wrong login from a session that has ended", () => {
    expect(problemOf({ status: 401, code: "INVALID_EMAIL_OR_PASSWORD" }).kind).toBe(
      "invalid-credentials",
    );
    expect(problemOf({ status: 401 }).kind).toBe(NO_SESSION);
  });

  test("shows nothing of what it does not know, however its code is called", () => {
    for (const code of ["SOMETHING_NEW", "constructor", undefined]) {
      const problem = problemOf({ status: 500, code, message: "at line 7 of auth.ts" });
      expect(problem.message).toBe("The server could not do this. Try again later.");
      expect(isPassing(problem)).toBe(true);
    }
  });
});
