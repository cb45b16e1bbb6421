import type { CompanyDomain, DomainCheck } from "@finops/capabilities/companies/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { TextField } from "@finops/ui/primitives/text-field";
import { Notice } from "@finops/ui/states/notice";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { request } from "../../lib/api.ts";
import { useSave } from "./use-save.ts";

const key = ["company", "domains"];

/** Host names of the company's own, each with the DNS record that proves it. */
export function Domains() {
  const { data } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) =>
      (await request<{ domains: CompanyDomain[] }>("/api/v1/company/domains", { signal })).domains,
  });
  const [domain, setDomain] = useState("");
  const add = useSave<string>({
    method: "POST",
    path: () => "/api/v1/company/domains",
    body: (name) => ({ domain: name }),
    stale: key,
    refused: "The domain was not added.",
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(domain, { onSuccess: () => setDomain("") });
  };
  return (
    <Card
      title="Domains of your own"
      about="A host name such as costs.acme.example works once its DNS record was seen."
    >
      <div className="space-y-4 px-4 pb-4">
        {data !== undefined && data.length > 0 && (
          <ul className="divide-y divide-line rounded-md border border-line">
            {data.map((one) => (
              <DomainRow key={one.id} domain={one} />
            ))}
          </ul>
        )}
        <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
          <TextField
            className="flex-1 basis-60"
            label="Domain"
            value={domain}
            onChange={setDomain}
            maxLength={253}
            required
            placeholder="costs.acme.example"
          />
          <Button type="submit" disabled={domain.trim() === "" || add.isPending}>
            Add
          </Button>
        </form>
      </div>
    </Card>
  );
}

function DomainRow({ domain }: { domain: CompanyDomain }) {
  const check = useSave<void, DomainCheck>({
    method: "POST",
    path: () => `/api/v1/company/domains/${domain.id}/verify`,
    stale: key,
    refused: "The record was not looked for.",
  });
  const remove = useSave<void>({
    method: "DELETE",
    path: () => `/api/v1/company/domains/${domain.id}`,
    stale: key,
    refused: "The domain is still yours.",
  });
  return (
    <li className="space-y-2 px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{domain.domain}</span>
        <Badge tone={domain.verifiedAt === null ? "warning" : "good"}>
          {domain.verifiedAt === null ? "Not proven" : "Works"}
        </Badge>
        {domain.verifiedAt === null && (
          <Button disabled={check.isPending} onClick={() => check.mutate()}>
            Look for the record
          </Button>
        )}
        <Button kind="danger" aria-label={`Give up ${domain.domain}`} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </div>
      {domain.verifiedAt === null && (
        <dl className="grid gap-x-3 gap-y-1 text-xs sm:grid-cols-[5rem_1fr]">
          <dt className="text-text-2">TXT record</dt>
          <dd>
            <code className="break-all select-all">{domain.record.name}</code>
          </dd>
          <dt className="text-text-2">Value</dt>
          <dd>
            <code className="break-all select-all">{domain.record.value}</code>
          </dd>
        </dl>
      )}
      {check.data?.problem != null && <Notice tone="warning" title={check.data.problem} />}
    </li>
  );
}
