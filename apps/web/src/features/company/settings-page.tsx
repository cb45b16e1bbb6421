import type { Company, CompanyChange } from "@finops/capabilities/companies/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { companyQuery } from "../../lib/company-queries.ts";
import { Page } from "../../lib/page.tsx";
import { CompanyFields } from "../../lib/company-fields.tsx";
import { CompanyTabs } from "../../lib/company-tabs.tsx";
import { Domains } from "./domains.tsx";
import { useSave } from "./use-save.ts";
import { useSubdomainFault } from "../../lib/use-subdomain-fault.ts";

/** What the company is called, reckons by, and where it is reached. */
export function SettingsPage() {
  const company = useQuery(companyQuery);
  return (
    <Page title="Settings" tools={<CompanyTabs />}>
      <div className="grid max-w-4xl gap-4">
        <Async of={company} name="The settings" skeleton={<Skeleton className="h-72 w-full" />}>
          {(one) => <CompanyCard company={one} />}
        </Async>
        <Domains />
      </div>
    </Page>
  );
}

function CompanyCard({ company }: { company: Company }) {
  const [change, setChange] = useState<CompanyChange>({});
  const { name, subdomain, currency, fiscalYearStart, timeZone } = { ...company, ...change } as Company;
  const fault = useSubdomainFault(subdomain, company.subdomain);
  const save = useSave<CompanyChange>({
    method: "PATCH",
    path: () => "/api/v1/company",
    body: (body) => body,
    stale: companyQuery.queryKey,
    done: "The settings are saved.",
    refused: "The settings were not saved.",
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(change, { onSuccess: () => setChange({}) });
  };
  return (
    <Card title="Company" about={`Its people reach it at ${company.url}.`}>
      <form onSubmit={submit} className="space-y-4 px-4 pb-4">
        <CompanyFields
          draft={{ name, subdomain, currency, fiscalYearStart, timeZone }}
          onChange={(next) => setChange({ ...change, ...next })}
          subdomainFault={fault}
        />
        <Button
          kind="primary"
          type="submit"
          disabled={Object.keys(change).length === 0 || fault !== null || save.isPending}
        >
          Save
        </Button>
      </form>
    </Card>
  );
}
