import type { SessionPolicy as PolicySchema } from "@finops/capabilities/sessions/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { TextField } from "@finops/ui/primitives/text-field";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { z } from "zod";
import { request } from "../../lib/api.ts";
import { useSave } from "./use-save.ts";

type SessionPolicy = z.output<typeof PolicySchema>;
const key = ["session-policy"];

/** How long sessions last. */
export function SessionLengths() {
  const policy = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<SessionPolicy>("/api/v1/session-policy", { signal }),
  });
  return (
    <Card title="Sessions" about="How long somebody stays signed in.">
      <Async of={policy} name="The lengths" skeleton={<Skeleton className="m-4 h-16" />}>
        {(now) => <LengthsForm key={JSON.stringify(now)} policy={now} />}
      </Async>
    </Card>
  );
}

function LengthsForm({ policy }: { policy: SessionPolicy }) {
  const [draft, setDraft] = useState(policy);
  const save = useSave<SessionPolicy>({
    method: "PUT",
    path: () => "/api/v1/session-policy",
    body: (body) => body,
    stale: key,
    done: "Sessions last as long as you said.",
    refused: "Sessions last as long as before.",
  });
  const field = (name: keyof SessionPolicy, label: string, min: number, max: number) => (
    <TextField
      label={label}
      type="number"
      min={min}
      max={max}
      required
      value={String(draft[name])}
      onChange={(text) => setDraft({ ...draft, [name]: Number(text) })}
    />
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(draft);
  };
  return (
    <form onSubmit={submit} className="space-y-4 px-4 pb-4">
      <div className="grid gap-4 sm:grid-cols-3">
        {field("idleMinutes", "Minutes without use", 5, 1440)}
        {field("absoluteHours", "Hours in any case", 1, 168)}
        {field("rememberedDays", "Days on a remembered device", 0, 90)}
      </div>
      <Button kind="primary" type="submit" disabled={save.isPending}>
        Save the lengths
      </Button>
    </form>
  );
}
