import type { Names } from "./capability.ts";

/** The page of a capability: what there is, and one more. */
export function pageFiles(names: Names): Record<string, string> {
  const folder = `apps/web/src/features/${names.name}`;
  return {
    [`${folder}/${names.name}-queries.ts`]: queries(names),
    [`${folder}/${names.name}-page.tsx`]: page(names),
  };
}

function queries({ name, type, variable }: Names): string {
  return `import type { ${type}Input, ${type}List, ${type}View } from "@finops/capabilities/${name}/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { useToasts } from "../../lib/toasts.tsx";

const path = "/api/v1/${name}";

export const ${variable}Query = queryOptions({
  queryKey: ["${name}"],
  queryFn: async ({ signal }) => (await request<${type}List>(path, { signal })).items,
});

type Change = { do: "create"; input: ${type}Input } | { do: "delete"; id: string };

export function useChange${type}(onDone: () => void) {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (change: Change) =>
      change.do === "create"
        ? request<${type}View>(path, { method: "POST", body: change.input })
        : request<${type}View>(\`\${path}/\${encodeURIComponent(change.id)}\`, { method: "DELETE" }),
    onSuccess: async () => {
      onDone();
      await client.invalidateQueries({ queryKey: ${variable}Query.queryKey });
    },
    onError: (error) =>
      tell({ id: "${name}", tone: "error", title: "Everything is as it was.", body: error.message }),
  });
}
`;
}

function page({ name, type, variable, label }: Names): string {
  return `import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { TextField } from "@finops/ui/primitives/text-field";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { ${variable}Query, useChange${type} } from "./${name}-queries.ts";

/** ${label}: what there is, and one more. */
export function ${type}Page() {
  const all = useQuery(${variable}Query);
  const mayWrite = useMay("settings:write");
  const remove = useChange${type}(() => undefined);
  return (
    <Page title="${label}">
      <div className="max-w-3xl space-y-4">
        {mayWrite && <NewOne />}
        <Async
          of={all}
          name="${label}"
          skeleton={<Skeleton className="h-40 w-full" />}
          isEmpty={(items) => items.length === 0}
          empty={
            <EmptyState title="Nothing here yet">
              {mayWrite ? "Make the first one above." : "Who has settings:write makes the first one."}
            </EmptyState>
          }
        >
          {(items) => (
            <ul aria-label="${label}" className="divide-y divide-line rounded-lg border border-line bg-surface-1">
              {items.map(({ id, name }) => (
                <li key={id} className="flex items-center justify-between gap-3 px-4 py-2 text-sm">
                  <span className="min-w-0 truncate" dir="auto" title={name}>
                    {name}
                  </span>
                  {mayWrite && (
                    <Button kind="quiet" disabled={remove.isPending} onClick={() => remove.mutate({ do: "delete", id })}>
                      Delete <span className="sr-only">{name}</span>
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Async>
      </div>
    </Page>
  );
}

function NewOne() {
  const [name, setName] = useState("");
  const create = useChange${type}(() => setName(""));
  return (
    <Card>
      <form
        className="flex items-end gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ do: "create", input: { name } });
        }}
      >
        <TextField label="Name" value={name} maxLength={120} onChange={setName} className="flex-1" />
        <Button kind="primary" type="submit" disabled={name.trim() === "" || create.isPending}>
          Make it
        </Button>
      </form>
    </Card>
  );
}
`;
}
