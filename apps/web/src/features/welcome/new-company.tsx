import type { MyCompany } from "@finops/capabilities/companies/contract";
import { Button } from "@finops/ui/primitives/button";
import { Notice } from "@finops/ui/states/notice";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { request } from "../../lib/api.ts";
import { companyQuery, useSwitchCompany } from "../../lib/company-queries.ts";
import { Page } from "../../lib/page.tsx";
import { keepForFirstPage } from "../../lib/return-address.ts";
import { type CompanyDraft, CompanyFields } from "../../lib/company-fields.tsx";
import { useSubdomainFault } from "../../lib/use-subdomain-fault.ts";

/** A company of one's own; the page goes on in it. */
export function NewCompany() {
  const { data: here } = useQuery(companyQuery);
  const [change, setChange] = useState<Partial<CompanyDraft>>({});
  const draft: CompanyDraft = {
    name: "",
    subdomain: subdomainOf(change.name ?? ""),
    currency: here?.currency ?? "USD",
    fiscalYearStart: here?.fiscalYearStart ?? 1,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...change,
  };
  const fault = useSubdomainFault(draft.subdomain, null);
  const goThere = useSwitchCompany();
  const make = useMutation({
    mutationFn: () => request<MyCompany>("/api/companies", { method: "POST", body: draft }),
    onSuccess: ({ subdomain }) => {
      keepForFirstPage("/welcome");
      goThere.mutate(subdomain);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  const isFull = draft.name.trim() !== "" && draft.subdomain !== "" && fault === null;
  return (
    <Page title="Make a company">
      <form onSubmit={submit} className="max-w-3xl space-y-5">
        <p className="text-text-2">
          It has people, costs and settings of its own, and nothing of the company that you are in. You are its owner.
        </p>
        <CompanyFields draft={draft} onChange={(next) => setChange({ ...change, ...next })} subdomainFault={fault} />
        {make.isError && (
          <Notice tone="error" title="The company was not made.">
            {make.error.message}
          </Notice>
        )}
        <Button kind="primary" type="submit" disabled={!isFull || make.isPending || goThere.isPending}>
          Make the company
        </Button>
      </form>
    </Page>
  );
}

/** A name as it could stand in an address. */
function subdomainOf(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40);
}
