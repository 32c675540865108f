// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";

import { NotSignedIn } from "@/api/problem";
import { later } from "@/testing/later";
import { ada, api, grace, milk } from "@/testing/tasks";
import { commitDeletions, useDeleteTask } from "./deletions";

const toast = vi.hoisted(() => vi.fn());
const session = vi.hoisted(() => ({ state: {}, subscribe: () => () => {} }));
vi.mock("./tasks-context", () => ({ useTasks: () => ({ api, user: ada }) }));
vi.mock("@/ui/toast", () => ({ toast }));
vi.mock("@/auth", () => ({ auth: () => session }));

test.each([
  [ada, ["“Buy milk” is deleted.", expect.stringMatching(/^“Buy milk” is not deleted/)]],
  [grace, ["“Buy milk” is deleted."]],
])("a deletion that fails is told to the user of the task alone: to %j", async (user, texts) => {
  session.state = { status: "signed-in", user: ada };
  toast.mockReturnValue(() => {});
  const answer = later<void>();
  api.delete.mockReturnValue(answer.promise);
  const client = new QueryClient({ defaultOptions: { mutations: { networkMode: "always" } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const remove = renderHook(() => useDeleteTask(), { wrapper }).result.current;
  act(() => remove(milk));
  const committed = commitDeletions();
  session.state = { status: "signed-in", user };
  await act(async () => answer.fail(new NotSignedIn()));
  await committed;
  expect(toast.mock.calls.map(([text]) => text)).toEqual(texts);
});
