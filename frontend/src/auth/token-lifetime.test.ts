import { expect, test } from "vitest";

import { lifetimeOf } from "./token-lifetime";

function token(claims: object): string {
  return ["{}", JSON.stringify(claims), ""]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
}

test("a token holds as long as it says, whatever this device's clock shows", () => {
  expect(lifetimeOf(token({ iat: 1_000, exp: 1_900, name: "Zoë ÿÿÿ>>>???" }))).toBe(900_000);
});

test("what is no token is refused", () => {
  expect(() => lifetimeOf("opaque")).toThrow();
  expect(() => lifetimeOf(token({ exp: "soon" }))).toThrow();
});
