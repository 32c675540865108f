import { expect, test } from "vitest";

import { existingPassword, violation } from "./fields";

test.each([
  ["email", "ada@example.com"],
  ["email", "  Ada@Example.com "],
  ["password", "correct horse"],
  ["password", " 1234567"],
  ["name", ""],
  ["title", "x"],
  ["title", "x".repeat(200)],
  // 200 characters, though JavaScript counts 400.
  ["title", "🦀".repeat(200)],
  ["description", ""],
  ["description", "x".repeat(1000)],
] as const)("a %s may be %j", (field, text) => {
  expect(violation(field, text)).toBeUndefined();
});

test.each([
  ["email", "", "is required"],
  ["email", "ada", "must be an email address like ada@example.com"],
  ["email", "ada@localhost", "must be an email address like ada@example.com"],
  ["email", `${"a".repeat(250)}@x.com`, "must have at most 255 characters"],
  ["password", "", "is required"],
  ["password", "1234567", "must have at least 8 characters"],
  // 25 characters in 100 bytes: bcrypt reads no more than 72.
  ["password", "🦀".repeat(25), "must have at most 72 bytes"],
  ["password", "12345678\0", "must not contain the character U+0000"],
  ["name", "x".repeat(101), "must have at most 100 characters"],
  ["title", "   ", "is required"],
  ["title", "x".repeat(201), "must have at most 200 characters"],
  ["title", "a\0b", "must not contain the character U+0000"],
  ["description", "x".repeat(1001), "must have at most 1000 characters"],
] as const)("a %s of %j %s", (field, text, rule) => {
  expect(violation(field, text)).toBe(rule);
});

test("a password that is held already may be any, but none", () => {
  for (const text of ["short", " ", "x".repeat(128)]) {
    expect(existingPassword.safeParse(text).success, text).toBe(true);
  }
  expect(existingPassword.safeParse("").error?.issues[0]?.message).toBe("is required");
});
