import type { WhoCan } from "@finops/capabilities/people/contract";
import { ChoiceMenu } from "@finops/ui/primitives/choice-menu";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatCount } from "@finops/ui/text/format-figure";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { Page } from "../../lib/page.tsx";
import { rolesQuery, unitsQuery, whoCanQuery } from "../../lib/people-queries.ts";
import { PeopleTabs } from "./people-tabs.tsx";
import { reasonWords } from "./reason-words.ts";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";

const route = getRouteApi("/people/who-can");
type Subject = WhoCan["subjects"][number];

/** Who may do one thing, for which costs, and through what. */
export function WhoCanPage() {
  const { permission = "costs:read" } = route.useSearch();
  const navigate = useNavigate();
  const { data: list } = useQuery(rolesQuery);
  const who = useQuery(whoCanQuery(permission));
  return (
    <Page title="Who can" tools={<PeopleTabs />}>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <ChoiceMenu
          label="Who can"
          value={permission}
          choices={(list?.permissions ?? []).map(({ key, about }) => ({ value: key as string, label: key, about }))}
          onChoose={(next) => void navigate({ to: "/people/who-can", search: { permission: next } })}
        />
        <span className="text-sm text-text-2">{list?.permissions.find((one) => one.key === permission)?.about}</span>
      </div>
      <Async of={who} name="Who can do it" skeleton={<Skeleton className="h-72 w-full" />}>
        {({ subjects }) => (
          <>
            <Sentence subjects={subjects} />
            <section aria-label="Who can do it" className="min-w-0 rounded-lg border border-line bg-surface-1">
              <SubjectTable subjects={subjects} />
            </section>
          </>
        )}
      </Async>
    </Page>
  );
}

function Sentence({ subjects }: { subjects: readonly Subject[] }) {
  const people = subjects.filter((one) => one.kind === "person").length;
  const keys = subjects.length - people;
  const limited = subjects.filter((one) => one.scope !== null).length;
  return (
    <p className="mb-4 text-lg" data-testid="sentence">
      {formatCount(people)} {people === 1 ? "person" : "people"}
      {keys > 0 && ` and ${formatCount(keys)} ${keys === 1 ? "key" : "keys"}`} can do it at this moment
      {limited > 0 && `, ${formatCount(limited)} of them for a part of the costs`}.
    </p>
  );
}

function SubjectTable({ subjects }: { subjects: readonly Subject[] }) {
  const { data: list } = useQuery(rolesQuery);
  const { data: units } = useQuery(unitsQuery);
  const columns = useMemo((): DataColumn<Subject>[] => {
    const names = { roles: list?.roles ?? [], units: units ?? [] };
    const why = (subject: Subject) => subject.through.map((reason) => reasonWords(reason, names)).join("; ");
    return [
      {
        id: "name",
        header: "Who",
        value: (subject) => `${subject.name} ${subject.email ?? ""}`,
        cell: (subject) => (
          <span className="flex min-w-0 items-baseline gap-2">
            <span className="max-w-full shrink-0 truncate font-medium" dir="auto">
              {subject.name}
            </span>
            <span className="min-w-0 truncate text-xs text-text-2">
              {subject.kind === "key" ? "key" : subject.email === subject.name ? "" : subject.email}
            </span>
          </span>
        ),
      },
      {
        id: "costs",
        header: "For",
        width: 200,
        value: (subject) => (subject.scope === null ? "All costs" : "A part of the costs"),
        cell: (subject) => <ScopeText scope={subject.scope} />,
      },
      {
        id: "through",
        header: "Through",
        width: 480,
        value: why,
        cell: (subject) => (
          <span title={why(subject)} dir="auto">
            {why(subject)}
          </span>
        ),
      },
    ];
  }, [list, units]);
  return <DataTable label="Who can do it" rows={subjects} columns={columns} rowId={(subject) => subject.id} />;
}
