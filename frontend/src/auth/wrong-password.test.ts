import { expect, test } from "vitest";

import { Problem, Unreachable } from "@/api/problem";
import { blaming } from "./wrong-password";

test("a wrong password is told at the field that held it", async () => {
  const attempt = Promise.reject(new Problem(401, "wrong-password", "It is not yours."));
  await expect(blaming("current_password", attempt)).rejects.toMatchObject({
    kind: "wrong-password",
    fields: [{ field: "current_password", message: "is wrong" }],
  });
});

test("other failures stay as they are", async () => {
  const away = new Unreachable(new TypeError("Failed to fetch"));
  await expect(blaming("password", Promise.reject(away))).rejects.toBe(away);
});
