import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { companyQuery } from "../../lib/company-queries.ts";
import { CompanyTabs } from "../../lib/company-tabs.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { CompanyExports } from "./company-exports.tsx";
import { Deletion } from "./deletion.tsx";

/** What the company takes along, and how it leaves. It works in every state of the company. */
export function DataPage() {
  const company = useQuery(companyQuery);
  const mayLeave = useMay("company:leave");
  return (
    <Page title="Data" tools={<CompanyTabs />}>
      {mayLeave ? (
        <div className="grid max-w-4xl gap-4">
          <CompanyExports />
          <Async of={company} name="The company" skeleton={<Skeleton className="h-40 w-full" />}>
            {(one) => <Deletion company={one} />}
          </Async>
        </div>
      ) : (
        <Notice tone="info" title="Its owners take the company's data along and have it deleted.">
          Who has company:leave sees this page. An owner of the company can give it.
        </Notice>
      )}
    </Page>
  );
}
