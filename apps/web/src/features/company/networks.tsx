import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { TextArea } from "@finops/ui/primitives/text-area";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { request } from "../../lib/api.ts";
import { readLines } from "./lines.ts";
import { useSave } from "./use-save.ts";

const key = ["network-policy"];

/** From where people and keys are let in. */
export function Networks() {
  const policy = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<{ allowedRanges: string[] }>("/api/v1/network-policy", { signal }),
  });
  return (
    <Card
      title="Networks"
      about="From which addresses people and keys are let in. The operator's own link comes in from anywhere."
    >
      <Async of={policy} name="The networks" skeleton={<Skeleton className="m-4 h-24" />}>
        {({ allowedRanges }) => <NetworksForm key={allowedRanges.join()} ranges={allowedRanges} />}
      </Async>
    </Card>
  );
}

function NetworksForm({ ranges }: { ranges: readonly string[] }) {
  const [text, setText] = useState(ranges.join("\n"));
  const save = useSave<string[]>({
    method: "PUT",
    path: () => "/api/v1/network-policy",
    body: (allowedRanges) => ({ allowedRanges }),
    stale: key,
    done: "The networks are saved.",
    refused: "The networks were not saved.",
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(readLines(text));
  };
  return (
    <form onSubmit={submit} className="space-y-4 px-4 pb-4">
      <TextArea
        label="Ranges"
        rows={3}
        value={text}
        onChange={setText}
        placeholder="203.0.113.0/24"
        about="CIDR ranges or single addresses, one on each line. None: everybody is let in."
      />
      <Button kind="primary" type="submit" disabled={save.isPending}>
        Save the networks
      </Button>
    </form>
  );
}
