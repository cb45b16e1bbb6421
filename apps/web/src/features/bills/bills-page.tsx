import type { DatasetPeriod } from "@finops/capabilities/sources/contract";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import type { BillsSearch } from "./bills-search.ts";
import { Coverage } from "./coverage.tsx";
import { DropZone } from "./drop-zone.tsx";
import { ImportList } from "./import-list.tsx";
import { PublicationLog } from "./publication-log.tsx";
import { RollbackDialog } from "./rollback-dialog.tsx";
import { useDatasets, useImports } from "./use-bills.ts";

const route = getRouteApi("/bills");

/** What came in, what it became, and what is published. */
export function BillsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const imports = useImports();
  const datasets = useDatasets();
  const mayImport = useMay("imports:write");
  const [asked, setAsked] = useState<DatasetPeriod | null>(null);
  const change = (changed: BillsSearch) =>
    void navigate({ to: "/bills", search: (now: BillsSearch) => ({ ...now, ...changed }), resetScroll: false });
  return (
    <Page title="Bills">
      <div className="space-y-4 pb-6">
        {mayImport ? (
          <DropZone />
        ) : (
          <Notice tone="info" title="You can see bills, but not import them.">
            An owner or administrator of the company can give you a role that may.
          </Notice>
        )}
        <Card title="Imports" about="The report of an import accounts for every row and every cent.">
          <Async
            of={imports}
            name="The imports"
            skeleton={<ListSkeleton />}
            isEmpty={(jobs) => jobs.length === 0}
            empty={<Empty>Nothing has been imported from this page yet.</Empty>}
          >
            {(jobs) => <ImportList jobs={jobs} open={search.report} onOpen={(report) => change({ report })} />}
          </Async>
        </Card>
        <Card title="Published" about="What every figure rests on, per billing period. Earlier states are kept.">
          <Async
            of={datasets}
            name="The published periods"
            skeleton={<ListSkeleton />}
            isEmpty={(periods) => periods.length === 0}
            empty={<Empty>Nothing is published yet. The first bill that you drop above will stand here.</Empty>}
          >
            {(periods) => (
              <>
                <Coverage current={periods.filter((period) => period.isCurrent)} />
                <PublicationLog
                  periods={periods}
                  open={search.period}
                  onOpen={(period) => change({ period })}
                  onRollback={mayImport ? setAsked : null}
                />
              </>
            )}
          </Async>
        </Card>
      </div>
      <RollbackDialog entry={asked} onClose={() => setAsked(null)} />
    </Page>
  );
}

function Empty({ children }: { children: string }) {
  return <p className="px-4 pt-1 pb-4 text-sm text-text-2">{children}</p>;
}

function ListSkeleton() {
  return (
    <div className="space-y-3 px-4 pb-4">
      <Skeleton className="h-6 w-full" />
      <Skeleton className="h-6 w-full" />
      <Skeleton className="h-6 w-full" />
    </div>
  );
}
