import type { DashboardSummary, DashboardTemplate } from "@finops/capabilities/dashboards/contract";
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
import { Page } from "../../lib/page.tsx";
import { TemplatePicture } from "./template-picture.tsx";

const route = getRouteApi("/dashboards");
const counted = { header: "Tiles", count: (dashboard: DashboardSummary) => dashboard.tileCount };

/** The dashboards that one may see, and the way to a new one. */
export function DashboardsPage() {
  const dashboards = useDocuments("dashboards");
  const search = route.useSearch();
  const navigate = useNavigate();
  const [isMaking, setIsMaking] = useState(false);
  const link = useCallback(
    ({ id, name }: DashboardSummary) => (
      <Link
        to="/dashboards/$id"
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
      title="Dashboards"
      actions={
        <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setIsMaking(true)}>
          New dashboard
        </Button>
      }
    >
      <Async
        of={dashboards}
        name="The dashboards"
        skeleton={<Skeleton className="h-72 w-full" />}
        isEmpty={(list) => list.length === 0}
        empty={<NoDashboards />}
      >
        {(list) => (
          <DocumentList
            kind="dashboards"
            documents={list}
            search={search}
            counted={counted}
            link={link}
            onSearch={(next) => void navigate({ to: "/dashboards", search: next, replace: true })}
            onOpen={({ id }) => void navigate({ to: "/dashboards/$id", params: { id } })}
          />
        )}
      </Async>
      {isMaking && <NewDashboardDialog onClose={() => setIsMaking(false)} />}
    </Page>
  );
}

function NoDashboards() {
  return (
    <section aria-label="Start a dashboard">
      <h2 className="text-lg font-semibold">Put what you look at every day on one page</h2>
      <p className="mt-1 mb-4 max-w-2xl text-text-2">
        A dashboard holds figures, charts and tables of any view, and words of your own. Start with what your kind of
        reader asks for; every tile can be changed.
      </p>
      <Templates />
    </section>
  );
}

function NewDashboardDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      title="New dashboard"
      isOpen
      onClose={onClose}
      about={
        <div className="-mx-1 max-h-[60dvh] overflow-y-auto p-1">
          <Templates />
        </div>
      }
    >
      <Button onClick={onClose}>Cancel</Button>
    </Dialog>
  );
}

function Templates() {
  const templates = useTemplates("dashboards");
  const create = useCreateDocument("dashboards");
  const navigate = useNavigate();
  const make = (template: string | null) =>
    create.mutate(template === null ? {} : { template }, {
      onSuccess: ({ id }) =>
        void navigate({
          to: "/dashboards/$id",
          params: { id },
          search: template === null ? { edit: "yes" } : {},
        }),
    });
  return (
    <Async of={templates} name="The templates" skeleton={<Skeleton className="h-48 w-full" />}>
      {(list) => (
        <TemplateCards<DashboardTemplate>
          templates={list}
          picture={({ tiles }) => <TemplatePicture tiles={tiles} />}
          emptyName="Empty dashboard"
          isBusy={create.isPending}
          onChoose={make}
        />
      )}
    </Async>
  );
}
