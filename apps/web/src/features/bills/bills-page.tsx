import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { LiveMark } from "./live-mark.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import type { BillsSearch, ChangeSearch } from "./bills-search.ts";
import { DetectionStep } from "./detection-step.tsx";
import { DropZone } from "./drop-zone.tsx";
import { ImportList } from "./import-list.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { SourceList } from "./source-list.tsx";
import { SourceView } from "./source-view.tsx";
import { useDatasets, useImports } from "./use-bills.ts";
import { VersionView } from "./version-view.tsx";

const route = getRouteApi("/bills");

/** What came in, what it became, and what is published; a source and a version have addresses of their own. */
export function BillsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const change: ChangeSearch = (changed) =>
    void navigate({ to: "/bills", search: (now: BillsSearch) => ({ ...now, ...changed }), resetScroll: false });
  const open: ChangeSearch = (next) => void navigate({ to: "/bills", search: next });
  if (search.version !== undefined)
    return (
      <Page title="Version of a bill" trail={<Trail onBack={() => open({})} />} tools={<LiveMark />}>
        <VersionView id={search.version} file={search.file} onOpen={open} />
      </Page>
    );
  if (search.source !== undefined)
    return (
      <Page title="Source of bills" trail={<Trail onBack={() => open({})} />} tools={<LiveMark />}>
        <SourceView source={search.source} open={search.period} onChange={change} onOpen={open} />
      </Page>
    );
  return (
    <Page title="Bills" tools={<LiveMark />}>
      <AllBills search={search} change={change} onOpen={open} />
    </Page>
  );
}

function Trail({ onBack }: { onBack: () => void }) {
  return (
    <nav aria-label="Breadcrumb" className="-ml-2">
      <Button kind="quiet" icon={<ChevronLeft size={14} aria-hidden />} onClick={onBack}>
        Bills
      </Button>
    </nav>
  );
}

function AllBills({ search, change, onOpen }: { search: BillsSearch; change: ChangeSearch; onOpen: ChangeSearch }) {
  const imports = useImports();
  const datasets = useDatasets();
  const mayImport = useMay("imports:write");
  return (
    <div className="space-y-4 pb-6">
      {!mayImport && (
        <Notice tone="info" title="You can see bills, but not import them.">
          An owner or administrator of the company can give you a role that may.
        </Notice>
      )}
      {mayImport && search.import === undefined && <DropZone onUploaded={(id) => change({ import: id })} />}
      {mayImport && search.import !== undefined && (
        <DetectionStep
          key={search.import}
          importId={search.import}
          onDone={(started) => change({ import: undefined, ...(started === null ? {} : { report: started }) })}
        />
      )}
      <Card title="Sources" about="Where costs come from, and which months each has.">
        <Async
          of={datasets}
          name="The sources"
          skeleton={<ListSkeleton />}
          isEmpty={(periods) => periods.length === 0}
          empty={<Empty>Nothing is published yet. The first bill that you drop above will stand here.</Empty>}
        >
          {(periods) => (
            <SourceList periods={periods} jobs={imports.data ?? []} mayImport={mayImport} onOpen={onOpen} />
          )}
        </Async>
      </Card>
      <Card title="Imports" about="The report of an import accounts for every row and every cent.">
        <Async
          of={imports}
          name="The imports"
          skeleton={<ListSkeleton />}
          isEmpty={(jobs) => jobs.every((job) => job.id === search.import)}
          empty={<Empty>Nothing has been imported from this page yet.</Empty>}
        >
          {(jobs) => (
            <ImportList
              jobs={jobs}
              open={search.report}
              onOpen={(report) => change({ report })}
              onContinue={mayImport ? (id) => change({ import: id }) : null}
              reviewing={search.import}
            />
          )}
        </Async>
      </Card>
    </div>
  );
}

function Empty({ children }: { children: string }) {
  return <p className="px-4 pt-1 pb-4 text-sm text-text-2">{children}</p>;
}
