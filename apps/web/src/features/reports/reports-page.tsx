import type { ReportSummary, ReportTemplate } from "@finops/capabilities/reports/contract";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { DocumentList } from "../../lib/documents/document-list.tsx";
import { useCreateDocument, useDocuments, useTemplates } from "../../lib/documents/document-queries.ts";
import { TemplateCards } from "../../lib/documents/template-cards.tsx";
import { PageTabs } from "../../lib/page-tabs.tsx";
import { Page } from "../../lib/page.tsx";
import { ReportPicture } from "./report-picture.tsx";

const route = getRouteApi("/reports");
const counted = { header: "Items", count: (report: ReportSummary) => report.itemCount };

const tabs = [
  { to: "/reports", label: "Reports" },
  { to: "/reports/schedules", label: "Schedules" },
];

/** The reports that one may see, and the way to a new one. */
export function ReportsPage() {
  const reports = useDocuments("reports");
  const search = route.useSearch();
  const navigate = useNavigate();
  const [isMaking, setIsMaking] = useState(false);
  const link = useCallback(
    ({ id, name }: ReportSummary) => (
      <Link
        to="/reports/$id"
        params={{ id }}
        title={name}
        className="min-w-0 shrink-0 truncate font-medium hover:text-accent hover:underline"
        dir="auto"
      >
        {name}
      </Link>
    ),
    [],
  );
  return (
    <Page
      title="Reports"
      tools={<PageTabs name="Reports" tabs={tabs} />}
      actions={
        <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setIsMaking(true)}>
          New report
        </Button>
      }
    >
      <Async
        of={reports}
        name="The reports"
        skeleton={<Skeleton className="h-72 w-full" />}
        isEmpty={(list) => list.length === 0}
        empty={
          <section aria-label="Start a report">
            <h2 className="text-lg font-semibold">Say it once, and keep what was said</h2>
            <p className="mt-1 mb-4 max-w-2xl text-text-2">
              A report is text, figures, charts and tables in the order in which they are read. Every run of it is kept
              as it was told, whatever a bill restates later.
            </p>
            <Templates />
          </section>
        }
      >
        {(list) => (
          <DocumentList
            kind="reports"
            documents={list}
            search={search}
            counted={counted}
            link={link}
            onSearch={(next) => void navigate({ to: "/reports", search: next, replace: true })}
            onOpen={({ id }) => void navigate({ to: "/reports/$id", params: { id } })}
          />
        )}
      </Async>
      {isMaking && (
        <Dialog
          title="New report"
          isOpen
          onClose={() => setIsMaking(false)}
          about={
            <div className="-mx-1 max-h-[60dvh] overflow-y-auto p-1">
              <Templates />
            </div>
          }
        >
          <Button onClick={() => setIsMaking(false)}>Cancel</Button>
        </Dialog>
      )}
    </Page>
  );
}

function Templates() {
  const templates = useTemplates("reports");
  const create = useCreateDocument("reports");
  const navigate = useNavigate();
  const make = (template: string | null) =>
    create.mutate(template === null ? {} : { template }, {
      onSuccess: ({ id }) =>
        void navigate({ to: "/reports/$id", params: { id }, search: template === null ? { edit: "yes" } : {} }),
    });
  return (
    <Async of={templates} name="The templates" skeleton={<Skeleton className="h-48 w-full" />}>
      {(list) => (
        <TemplateCards<ReportTemplate>
          templates={list}
          picture={({ items }) => <ReportPicture items={items} />}
          emptyName="Empty report"
          isBusy={create.isPending}
          onChoose={make}
        />
      )}
    </Async>
  );
}
