// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { useToasts } from "./toasts.tsx";
import { useQuickChange } from "./use-quick-change.ts";

const key = ["names"];
let client: QueryClient;

beforeEach(() => {
  useToasts.setState({ shown: [] });
  client = new QueryClient();
  client.setQueryData(key, ["Ann"]);
});

function hook(send: (name: string) => Promise<unknown>) {
  return renderHook(
    () =>
      useQuickChange<string[], string>({
        key,
        stale: [],
        send,
        show: (names, name) => [...names, name],
        refused: "Nobody was added.",
      }),
    { wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider> },
  );
}

it("shows a change before the server has answered, and keeps it", async () => {
  let answer: (value: unknown) => void = () => {};
  const { result } = hook(() => new Promise((resolve) => (answer = resolve)));
  act(() => result.current.mutate("Bob"));
  await waitFor(() => expect(client.getQueryData(key)).toEqual(["Ann", "Bob"]));
  await waitFor(() => expect(result.current.isPending).toBe(true));
  act(() => answer(null));
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  expect(client.getQueryData(key)).toEqual(["Ann", "Bob"]);
});

it("takes it back when it is refused, and says why in the server's words", async () => {
  const { result } = hook(async () => {
    throw new Error("Ask an owner of your company.");
  });
  act(() => result.current.mutate("Bob"));
  await waitFor(() => expect(result.current.isError).toBe(true));
  expect(client.getQueryData(key)).toEqual(["Ann"]);
  expect(useToasts.getState().shown).toMatchObject([
    { tone: "error", title: "Nobody was added.", body: "Ask an owner of your company." },
  ]);
});

it("shows several changes at once, sends one after the other, and asks anew after the last only", async () => {
  const answers: ((value: unknown) => void)[] = [];
  const sent: string[] = [];
  const { result } = hook((name) => {
    sent.push(name);
    return new Promise((resolve) => answers.push(resolve));
  });
  act(() => result.current.mutate("Bob"));
  act(() => result.current.mutate("Eve"));
  await waitFor(() => expect(client.getQueryData(key)).toEqual(["Ann", "Bob", "Eve"]));
  expect(sent).toEqual(["Bob"]);
  await act(async () => answers[0]!(null));
  await waitFor(() => expect(sent).toEqual(["Bob", "Eve"]));
  expect(client.getQueryState(key)?.isInvalidated).toBe(false);
  await act(async () => answers[1]!(null));
  await waitFor(() => expect(client.getQueryState(key)?.isInvalidated).toBe(true));
});

it("sends a change after one that was refused", async () => {
  const { result } = hook((name) => (name === "Bob" ? Promise.reject(new Error("No.")) : Promise.resolve(null)));
  act(() => result.current.mutate("Bob"));
  act(() => result.current.mutate("Eve"));
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  await waitFor(() => expect(client.getQueryState(key)?.isInvalidated).toBe(true));
});
