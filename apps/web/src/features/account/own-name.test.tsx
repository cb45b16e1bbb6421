// @vitest-environment jsdom
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { peopleKey } from "../../lib/people-queries.ts";
import { OwnName } from "./own-name.tsx";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** A page that shows all people, who take for ever to be read again. */
function Page() {
  useQuery({ queryKey: peopleKey, queryFn: () => new Promise<never>(() => undefined), initialData: [] });
  return <OwnName name="Ann" />;
}

it("saves the next name while what shows the last one is still read again", async () => {
  const saved: unknown[] = [];
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    saved.push(JSON.parse(body));
    return Response.json(JSON.parse(body));
  });
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  render(
    <QueryClientProvider client={client}>
      <Page />
    </QueryClientProvider>,
  );
  const save = screen.getByRole("button", { name: "Save" });
  for (const name of ["Nour", "Ann Lee"]) {
    fireEvent.change(screen.getByLabelText("Your name"), { target: { value: name } });
    await waitFor(() => expect(save).toHaveProperty("disabled", false));
    fireEvent.click(save);
    await waitFor(() => expect(saved.at(-1)).toEqual({ name }));
  }
});
