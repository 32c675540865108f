// @vitest-environment jsdom
import { renderHook } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, test } from "vitest";

import { useResetToken } from "./reset-token";

test.each([
  ["?token=abc", "abc"],
  ["", null],
])("the address %j is read once and forgotten, however often it is looked at", (query, token) => {
  history.replaceState(null, "", `/reset-password${query}`);
  const { result } = renderHook(() => useResetToken(), { wrapper: StrictMode });
  expect(result.current).toBe(token);
  expect(location.href).toMatch(/\/reset-password$/);
});
