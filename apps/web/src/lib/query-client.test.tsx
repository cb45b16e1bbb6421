// @vitest-environment jsdom
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { FreshQueryClient } from "./query-client.ts";

it("asks anew for what changed while its first answer was on its way, and leaves other first answers alone", async () => {
  const client = new FreshQueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  const answers: Record<string, ((value: string) => void)[]> = { grants: [], roles: [] };
  const ask = (name: string) => ({
    queryKey: [name],
    queryFn: () => new Promise<string>((resolve) => answers[name]!.push(resolve)),
  });
  const { result } = renderHook(() => [useQuery(ask("grants")), useQuery(ask("roles"))], {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  await waitFor(() => expect(answers["grants"]).toHaveLength(1));
  act(() => void client.invalidateQueries({ queryKey: ["grants"] }));
  await waitFor(() => expect(answers["grants"]).toHaveLength(2));
  expect(answers["roles"]).toHaveLength(1);
  act(() => {
    for (const [index, answer] of answers["grants"]!.entries()) answer(index === 0 ? "in force" : "revoked");
    answers["roles"]![0]!("owner");
  });
  await waitFor(() => expect(result.current.map(({ data }) => data)).toEqual(["revoked", "owner"]));
});
