// @vitest-environment jsdom
import type { Dashboard } from "@finops/capabilities/dashboards/contract";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { useDocumentEdits } from "./use-document-edits.ts";

const read = { id: "one", name: "Mine", version: 1, tiles: [] } as unknown as Dashboard;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("shows a change on after it was kept, until the page is given what was kept", async () => {
  vi.stubGlobal("fetch", (_: string, { body }: RequestInit) =>
    Promise.resolve(Response.json({ ...read, ...(JSON.parse(String(body)) as object), version: 2 })),
  );
  const client = new QueryClient();
  const { result, rerender } = renderHook(({ given }) => useDocumentEdits("dashboards", given), {
    initialProps: { given: read },
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  act(() => result.current.change({ name: "Ours" }));
  expect(result.current).toMatchObject({ shown: { name: "Ours" }, state: "saving" });
  await act(async () => expect(await result.current.flush()).toBe(true));
  expect(result.current).toMatchObject({ shown: { name: "Ours", version: 2 }, state: "kept" });
  // Somebody else's newer version takes its place.
  rerender({ given: { ...read, name: "Theirs", version: 3 } });
  expect(result.current.shown).toMatchObject({ name: "Theirs", version: 3 });
});
