import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { Report, ReportItem } from "@finops/capabilities/reports/contract";
import type { ViewMoment } from "@finops/capabilities/views/contract";
import { systemClock } from "@finops/kernel/clock";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { FileText, Plus } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { ApiProblem } from "../../lib/api.ts";
import { catalogQuery } from "../../lib/cost-view/cost-answers.ts";
import { AddPanel, type NewPart } from "../../lib/documents/add-panel.tsx";
import { useCreateDocument, useDocument } from "../../lib/documents/document-queries.ts";
import { ConflictNotice, LeaveGuard } from "../../lib/documents/edit-state.tsx";
import { HeadFields } from "../../lib/documents/head-fields.tsx";
import { MissingDocument } from "../../lib/documents/missing-document.tsx";
import { OldVersionNotice } from "../../lib/documents/old-version-notice.tsx";
import { useDocumentAsOf } from "../../lib/documents/use-document-as-of.ts";
import { useDocumentEdits } from "../../lib/documents/use-document-edits.ts";
import { Page } from "../../lib/page.tsx";
import { useToasts } from "../../lib/toasts.tsx";
import { duplicateItem, itemName, itemsMax, newItem } from "./item-edits.ts";
import { ItemPanel } from "./item-panel.tsx";
import { ReportActions } from "./report-actions.tsx";
import { ReportItems } from "./report-items.tsx";
import { RunsList } from "./runs-list.tsx";
import { useRunReport } from "./use-runs.ts";

const route = getRouteApi("/reports/$id");
// For who looks back.
const VersionsPanel = lazy(async () => ({
  default: (await import("../../lib/documents/versions-panel.tsx")).VersionsPanel,
}));

/** One report with its figures of now, its runs, and the way to change it. */
export function ReportPage() {
  const { id } = route.useParams();
  const report = useDocument("reports", id);
  const catalog = useQuery(catalogQuery);
  if (report.data !== undefined && catalog.data !== undefined)
    return <Loaded key={id} report={report.data} catalog={catalog.data} />;
  return (
    <Page title="Report" trail={<Trail />}>
      {report.error instanceof ApiProblem && report.error.code === "not_found" ? (
        <MissingDocument kind="reports" />
      ) : (
        <Async of={report.data === undefined ? report : catalog} name="The report" skeleton={<ReportSkeleton />}>
          {() => null}
        </Async>
      )}
    </Page>
  );
}

function Trail() {
  return (
    <Link to="/reports" className="text-xs text-text-2 hover:text-accent hover:underline">
      Reports
    </Link>
  );
}

type Panel = { kind: "add" } | { kind: "item"; id: string } | { kind: "versions" } | null;

function Loaded({ report, catalog }: { report: Report; catalog: CostCatalog }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const edits = useDocumentEdits("reports", report);
  const create = useCreateDocument("reports");
  const run = useRunReport(report.id);
  const tell = useToasts((toasts) => toasts.show);
  const [panel, setPanel] = useState<Panel>(null);
  const [version, setVersion] = useState<number | null>(null);
  const today = systemClock.today();
  const moment = useMemo((): ViewMoment => momentOf(catalog, today), [catalog, today]);
  const { shown } = edits;
  const asOf = useDocumentAsOf("reports", shown, version);
  const isEditing = search.edit === "yes" && report.mayChange && version === null;
  const setEditing = (edit: "yes" | undefined) =>
    void navigate({
      to: "/reports/$id",
      params: { id: report.id },
      search: ((old: Record<string, unknown>) => ({ ...old, edit })) as never,
      resetScroll: false,
    });
  const setItems = (items: ReportItem[]) => edits.change({ items });
  const add = (part: NewPart) => {
    const item = newItem(part);
    setItems([...shown.items, item]);
    setPanel({ kind: "item", id: item.id });
  };
  const remove = (id: string) => {
    const place = shown.items.findIndex((one) => one.id === id);
    const item = shown.items[place];
    if (item === undefined) return;
    setItems(shown.items.filter((one) => one.id !== id));
    setPanel(null);
    tell({
      id: "item",
      tone: "info",
      title: `${itemName(item)} is removed.`,
      action: {
        label: "Undo",
        onSelect: () => edits.changeBy((now) => ({ items: [...now.items].toSpliced(place, 0, item) })),
      },
    });
  };
  const keepCopy = () => {
    const { mine } = edits.conflict!;
    create.mutate(
      { name: `${mine.name.slice(0, 110)} (copy)`, description: mine.description, items: [...mine.items] },
      {
        onSuccess: ({ id }) => {
          edits.loadNewer();
          void navigate({ to: "/reports/$id", params: { id } });
        },
      },
    );
  };
  const runNow = async () => {
    // A run tells what is kept, so what is seen is kept first.
    if (!(await edits.flush()))
      return tell({
        id: "run",
        tone: "error",
        title: "The report was not run.",
        body: "Its last changes are not saved yet.",
      });
    run.mutate(undefined, {
      onSuccess: ({ number }) =>
        void navigate({ to: "/reports/$id/runs/$number", params: { id: report.id, number: String(number) } }),
    });
  };
  const opened = panel?.kind === "item" ? shown.items.find((item) => item.id === panel.id) : undefined;
  return (
    <div className="flex min-w-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <Page
          title={shown.name}
          trail={<Trail />}
          actions={
            <ReportActions
              report={shown}
              state={edits.state}
              isEditing={isEditing}
              isRunning={run.isPending}
              onRun={version === null ? () => void runNow() : null}
              onEdit={() => {
                // What is changed is the newest.
                setVersion(null);
                setEditing("yes");
              }}
              onAdd={() => setPanel({ kind: "add" })}
              onDone={() => {
                setPanel(null);
                void edits.flush();
                setEditing(undefined);
              }}
              onShare={(sharing) => edits.change({ sharing })}
              onVersions={() => {
                void edits.flush();
                setPanel({ kind: "versions" });
              }}
            />
          }
        >
          <LeaveGuard state={edits.state} flush={edits.flush} />
          {edits.conflict !== null && (
            <ConflictNotice conflict={edits.conflict} onLoad={edits.loadNewer} onCopy={keepCopy} />
          )}
          {isEditing ? (
            <HeadFields name={shown.name} description={shown.description} onChange={edits.change} />
          ) : (
            shown.description !== "" && (
              <p className="mb-4 max-w-3xl text-text-2" dir="auto">
                {shown.description}
              </p>
            )
          )}
          {version !== null && <OldVersionNotice version={version} parts="items" onBack={() => setVersion(null)} />}
          <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_320px]">
            {shown.items.length === 0 && version === null ? (
              <div className="rounded-lg border border-line bg-surface-1">
                <EmptyState
                  icon={<FileText size={24} aria-hidden />}
                  title="Nothing in it yet"
                  action={
                    report.mayChange && (
                      <Button
                        kind="primary"
                        icon={<Plus size={16} aria-hidden />}
                        onClick={() => {
                          setEditing("yes");
                          setPanel({ kind: "add" });
                        }}
                      >
                        Add the first item
                      </Button>
                    )
                  }
                >
                  A report is text, figures, charts and tables, in the order in which they are read.
                </EmptyState>
              </div>
            ) : (
              <Async of={asOf} name="This version" skeleton={<Skeleton className="h-96 w-full" />}>
                {({ items }) => (
                  <ReportItems
                    items={items}
                    catalog={catalog}
                    moment={moment}
                    isEditing={isEditing}
                    onItems={setItems}
                    onEdit={(id) => setPanel({ kind: "item", id })}
                    onDuplicate={(id) => setItems(duplicateItem(shown.items, id))}
                    onRemove={remove}
                  />
                )}
              </Async>
            )}
            <RunsList id={report.id} />
          </div>
        </Page>
      </div>
      {panel?.kind === "add" && shown.items.length < itemsMax && (
        <AddPanel title="Add to the report" onAdd={add} onClose={() => setPanel(null)} />
      )}
      {opened !== undefined && isEditing && (
        <ItemPanel
          key={opened.id}
          item={opened}
          catalog={catalog}
          moment={moment}
          onChange={(item) => setItems(shown.items.map((one) => (one.id === item.id ? item : one)))}
          onClose={() => setPanel(null)}
        />
      )}
      <Suspense>
        {panel?.kind === "versions" && (
          <VersionsPanel
            kind="reports"
            document={shown}
            shownVersion={version}
            onShow={setVersion}
            // On a phone the panel covers what it shows, so closing it leaves the version there.
            onClose={() => setPanel(null)}
          />
        )}
      </Suspense>
    </div>
  );
}

/** Without any costs, every period is of days without charges. */
function momentOf({ available }: CostCatalog, today: string): ViewMoment {
  return { available: available ?? { start: today, end: today }, today };
}

function ReportSkeleton() {
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_320px]">
      <div className="space-y-3">
        <Skeleton className="h-32 w-full" />
        <Skeleton className="h-96 w-full" />
      </div>
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
