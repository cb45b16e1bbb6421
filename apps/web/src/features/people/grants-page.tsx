import type { Grant } from "@finops/capabilities/people/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Segments } from "@finops/ui/primitives/segments";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { useMemo } from "react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { serverClock } from "../../lib/server-clock.ts";
import { useMay } from "../../lib/session.ts";
import { GivePanel } from "./give-panel.tsx";
import { grantEnd, grantState } from "../../lib/access/grant-words.ts";
import { useRevokeGrant } from "./people-changes.ts";
import { grantsQuery, rolesQuery, unitsQuery } from "../../lib/people-queries.ts";
import type { GrantsSearch } from "./people-search.ts";
import { PeopleTabs } from "./people-tabs.tsx";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";
import { unitPath } from "../../lib/unit-path.ts";

const route = getRouteApi("/people/grants");

/** Roles that people, groups and keys have beside what they have anyway: for a time, a unit or a part of the costs. */
export function GrantsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const shown = search.state ?? "open";
  const grants = useQuery(grantsQuery(null, shown === "all" ? "all" : "open"));
  const mayGive = useMay("access:write");
  const go = (change: Partial<GrantsSearch>) =>
    void navigate({ to: "/people/grants", search: { ...search, ...change }, replace: true });
  const give = mayGive && (
    <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => go({ give: "somebody" })}>
      Give access
    </Button>
  );
  return (
    <Beside
      panel={
        search.give !== undefined &&
        mayGive && <GivePanel key={search.give} to={search.give} onClose={() => go({ give: undefined })} />
      }
    >
      <Page title="Grants" tools={<PeopleTabs />} actions={give}>
        <Async
          of={grants}
          name="The grants"
          skeleton={<Skeleton className="h-72 w-full" />}
          isEmpty={(list) => list.length === 0 && shown === "open" && search.find === undefined}
          empty={
            <EmptyState
              icon={<KeyRound size={24} aria-hidden />}
              title="Nobody was given more than their role"
              action={
                <>
                  {give}
                  <Button onClick={() => go({ state: "all" })}>Show those that ended</Button>
                </>
              }
            >
              A grant gives a role to a person, a group or a key beside what they have anyway: until a day, for one
              unit, or for a part of the costs. It ends by itself.
            </EmptyState>
          }
        >
          {(list) => (
            <section aria-label="Grants" className="min-w-0 rounded-lg border border-line bg-surface-1">
              <GrantTable grants={list} shown={shown} mayRevoke={mayGive} search={search} onSearch={go} />
            </section>
          )}
        </Async>
      </Page>
    </Beside>
  );
}

interface GrantTableProps {
  grants: readonly Grant[];
  shown: "open" | "delegated" | "all";
  mayRevoke: boolean;
  search: GrantsSearch;
  onSearch: (change: Partial<GrantsSearch>) => void;
}

function GrantTable({ grants, shown, mayRevoke, search, onSearch }: GrantTableProps) {
  const { mutate: revoke } = useRevokeGrant(null, shown === "all" ? "all" : "open");
  const rows = useMemo(
    () => (shown === "delegated" ? grants.filter(({ isDelegated }) => isDelegated) : grants),
    [grants, shown],
  );
  const { data: list } = useQuery(rolesQuery);
  const { data: units } = useQuery(unitsQuery);
  const columns = useMemo(
    (): DataColumn<Grant>[] => [
      {
        id: "subject",
        header: "To",
        value: (grant) => grant.subject.name,
        cell: (grant) => (
          <span className="flex min-w-0 items-baseline gap-2">
            <span className="min-w-0 truncate font-medium" dir="auto">
              {grant.subject.name}
            </span>
            {grant.subject.kind !== "person" && (
              <span className="shrink-0 text-xs text-text-2">{grant.subject.kind}</span>
            )}
          </span>
        ),
      },
      {
        id: "role",
        header: "Role",
        width: 152,
        value: (grant) => list?.roles.find((role) => role.key === grant.role)?.name ?? grant.role,
      },
      {
        id: "where",
        header: "For",
        width: 168,
        value: (grant) =>
          unitPath(units ?? [], grant.unitId) || (grant.scope === null ? "All costs" : "A part of the costs"),
        cell: (grant) =>
          grant.unitId === null ? (
            <ScopeText scope={grant.scope} />
          ) : (
            <span dir="auto">{unitPath(units ?? [], grant.unitId) || "A unit"}</span>
          ),
      },
      {
        id: "state",
        header: "State",
        width: 104,
        value: (grant) => grantState(grant, serverClock.now()).label,
        cell: (grant) => {
          const { label, tone } = grantState(grant, serverClock.now());
          return <Badge tone={tone}>{label}</Badge>;
        },
      },
      {
        id: "until",
        header: "Until (UTC)",
        width: 160,
        value: (grant) => grant.validUntil,
        cell: (grant) => grantEnd(grant).replace(" UTC", ""),
      },
      { id: "reason", header: "Why", width: 152, isMinor: true, value: (grant) => grant.reason },
      {
        id: "by",
        header: "Given by",
        width: 136,
        isMinor: true,
        value: givenBy,
        cell: (grant) => (
          <span
            title={`${givenBy(grant)}, ${formatInstant(grant.validFrom)}${grant.revokedBy === null ? "" : `, revoked by ${grant.revokedBy}`}`}
          >
            {givenBy(grant)}
          </span>
        ),
      },
      ...(mayRevoke
        ? [
            {
              id: "revoke",
              header: "Revoke",
              width: 88,
              cell: (grant: Grant) =>
                grantState(grant, serverClock.now()).label === "Revoked" ||
                grantState(grant, serverClock.now()).label === "Ended" ? null : grant.ruleId !== null ? (
                  <Link to="/roles" className="text-sm text-accent hover:underline" title="It ends with its rule">
                    Its rule
                  </Link>
                ) : (
                  <button
                    type="button"
                    onClick={() => revoke(grant.id)}
                    className="rounded-sm text-sm font-medium text-negative hover:underline"
                    aria-label={`Revoke what ${grant.subject.name} was given`}
                  >
                    Revoke
                  </button>
                ),
            },
          ]
        : []),
    ],
    [list, units, mayRevoke, revoke],
  );
  return (
    <DataTable
      label="Grants"
      rows={rows}
      columns={columns}
      rowId={(grant) => grant.id}
      state={{ find: search.find ?? "" }}
      onState={(next, patch) => {
        if (patch.find !== undefined) onSearch({ find: next.find === "" ? undefined : next.find });
      }}
      empty={shown === "delegated" ? "Nobody delegates anything at the moment." : "Nothing was given, at any time."}
      tools={
        <Segments
          label="Which"
          value={shown}
          options={[
            { value: "open", label: "Open" },
            { value: "delegated", label: "Delegated" },
            { value: "all", label: "All" },
          ]}
          onChoose={(next) => onSearch({ state: next === "open" ? undefined : next })}
        />
      }
    />
  );
}

function givenBy({ grantedBy, isDelegated, ruleId }: Grant): string {
  return isDelegated
    ? `Delegated by ${grantedBy.name}`
    : ruleId === null
      ? grantedBy.name
      : `A rule of ${grantedBy.name}`;
}
