import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { ReportRun } from "@finops/capabilities/reports/contract";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { FileDown, Printer } from "lucide-react";
import { ApiProblem } from "../../lib/api.ts";
import { catalogQuery } from "../../lib/cost-view/cost-answers.ts";
import { documentPath } from "../../lib/documents/document-queries.ts";
import { MissingDocument } from "../../lib/documents/missing-document.tsx";
import { Page } from "../../lib/page.tsx";
import { useSavePdf } from "../../lib/save-pdf.ts";
import { ToldItemView } from "./told-item.tsx";
import { useRun } from "./use-runs.ts";

const route = getRouteApi("/reports/$id/runs/$number");

/** A run of a report, as it was told: like a page that was printed. */
export function RunPage() {
  const { id, number } = route.useParams();
  const run = useRun(id, number);
  const catalog = useQuery(catalogQuery);
  const pdf = useSavePdf(`${documentPath("reports", id)}/runs/${encodeURIComponent(number)}/pdf`);
  return (
    <Page
      title={run.data === undefined ? `Run ${number}` : `${run.data.name}, run ${run.data.number}`}
      trail={
        <nav aria-label="Breadcrumb" className="flex gap-1.5 text-xs text-text-2 print:hidden">
          <Link to="/reports" className="hover:text-accent hover:underline">
            Reports
          </Link>
          <span aria-hidden>/</span>
          <Link to="/reports/$id" params={{ id }} className="hover:text-accent hover:underline">
            The report of now
          </Link>
        </nav>
      }
      actions={
        <>
          <Button
            icon={<FileDown size={16} aria-hidden className="text-text-3" />}
            disabled={pdf.isPending}
            onClick={() => pdf.mutate()}
          >
            {pdf.isPending ? "Printing…" : "PDF"}
          </Button>
          <Button icon={<Printer size={16} aria-hidden className="text-text-3" />} onClick={() => window.print()}>
            Print
          </Button>
        </>
      }
    >
      {run.error instanceof ApiProblem && run.error.code === "not_found" ? (
        <MissingDocument kind="reports" />
      ) : (
        <Async of={run} name="The run" skeleton={<RunSkeleton />}>
          {(told) => (
            <Async of={catalog} name="The run" skeleton={<RunSkeleton />}>
              {(words) => <Told run={told} catalog={words} />}
            </Async>
          )}
        </Async>
      )}
    </Page>
  );
}

function Told({ run, catalog }: { run: ReportRun; catalog: CostCatalog }) {
  return (
    <article className="mx-auto max-w-[900px] rounded-lg border border-line bg-surface-1 px-5 py-8 sm:px-10 print:max-w-none print:border-0 print:p-0">
      <header className="mb-8 border-b border-line pb-5">
        <h2 className="text-2xl font-semibold break-words" dir="auto">
          {run.name}
        </h2>
        <p className="mt-2 text-sm text-text-2">
          Run {run.number}, told on {formatInstant(run.ranAt)} by {run.ranBy.name} from what was published then
          (position {run.position} of the publication log). It stays as it was told; current figures may differ.{" "}
          <Link
            to="/reports/$id"
            params={{ id: run.reportId }}
            className="font-medium text-accent underline underline-offset-2 print:hidden"
          >
            See the figures of now
          </Link>
        </p>
      </header>
      <div className="space-y-8">
        {run.items.map((item) => (
          <ToldItemView key={item.id} item={item} ranAt={run.ranAt} catalog={catalog} />
        ))}
      </div>
    </article>
  );
}

function RunSkeleton() {
  return (
    <div className="mx-auto max-w-[900px] space-y-6">
      <Skeleton className="h-12 w-2/3" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-72 w-full" />
    </div>
  );
}
