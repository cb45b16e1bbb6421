import type { GroupSummary } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatDay } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Plus, UsersRound } from "lucide-react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { freeName } from "./free-name.ts";
import { GroupPanel } from "./group-panel.tsx";
import { useCreateGroup } from "./people-changes.ts";
import { groupsQuery } from "../../lib/people-queries.ts";
import type { GroupsSearch } from "./people-search.ts";
import { PeopleTabs } from "./people-tabs.tsx";

const route = getRouteApi("/people/groups");

/** People who are given roles together. */
export function GroupsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const groups = useQuery(groupsQuery);
  const mayChange = useMay("members:write");
  const create = useCreateGroup();
  const go = (change: Partial<GroupsSearch>, replace = true) =>
    void navigate({ to: "/people/groups", search: { ...search, ...change }, replace });
  const group = groups.data?.find((one) => one.id === search.group);
  const make = () =>
    create.mutate(
      {
        name: freeName(
          (groups.data ?? []).map((one) => one.name),
          "New group",
        ),
      },
      { onSuccess: ({ id }) => go({ group: id }) },
    );
  const newGroup = mayChange && (
    <Button
      kind="primary"
      icon={<Plus size={16} aria-hidden />}
      disabled={create.isPending || groups.data === undefined}
      onClick={make}
    >
      New group
    </Button>
  );
  return (
    <Beside
      panel={
        group !== undefined && <GroupPanel key={group.id} group={group} onClose={() => go({ group: undefined })} />
      }
    >
      <Page title="Groups" tools={<PeopleTabs />} actions={newGroup}>
        <Async
          of={groups}
          name="The groups"
          skeleton={<Skeleton className="h-72 w-full" />}
          isEmpty={(list) => list.length === 0}
          empty={
            <EmptyState icon={<UsersRound size={24} aria-hidden />} title="No groups yet" action={newGroup}>
              A group is people who are given access together, such as everybody who looks after one platform.
            </EmptyState>
          }
        >
          {(list) => (
            <section aria-label="Groups" className="min-w-0 rounded-lg border border-line bg-surface-1">
              <DataTable
                label="Groups"
                rows={list}
                columns={columns}
                rowId={(one) => one.id}
                onActivate={(one) => go({ group: one.id }, false)}
                state={{ find: search.find ?? "" }}
                onState={(next, patch) => {
                  if (patch.find !== undefined) go({ find: next.find === "" ? undefined : next.find });
                }}
              />
            </section>
          )}
        </Async>
      </Page>
    </Beside>
  );
}

const columns: DataColumn<GroupSummary>[] = [
  {
    id: "name",
    header: "Name",
    value: (group) => `${group.name} ${group.description}`,
    cell: (group) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="shrink-0 font-medium" dir="auto">
          {group.name}
        </span>
        <span className="min-w-0 truncate text-xs text-text-2" dir="auto">
          {group.description}
        </span>
      </span>
    ),
  },
  { id: "members", header: "People", kind: "count", width: 96, value: (group) => String(group.memberCount) },
  {
    id: "created",
    header: "Since",
    kind: "day",
    value: (group) => group.createdAt.slice(0, 10),
    cell: (group) => formatDay(group.createdAt.slice(0, 10)),
  },
];
