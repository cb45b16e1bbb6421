import type { Unit } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { TextField } from "@finops/ui/primitives/text-field";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatCount } from "@finops/ui/text/format-figure";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Network, Plus, Search } from "lucide-react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { freeName } from "./free-name.ts";
import { useChangeUnit, useCreateUnit } from "./people-changes.ts";
import { unitsQuery } from "../../lib/people-queries.ts";
import type { OrganisationSearch } from "./people-search.ts";
import { UnitPanel } from "./unit-panel.tsx";
import { UnitTree } from "./unit-tree-view.tsx";

const route = getRouteApi("/organisation");

/** Departments, teams and cost centers: whose costs are whose. */
export function OrganisationPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const units = useQuery(unitsQuery);
  const mayChange = useMay("members:write");
  const create = useCreateUnit();
  const move = useChangeUnit();
  const go = (change: Partial<OrganisationSearch>, replace = true) =>
    void navigate({ to: "/organisation", search: { ...search, ...change }, replace });
  const unit = units.data?.find((one) => one.id === search.unit);
  const add = (parentId: string | null) => {
    const beside = (units.data ?? []).filter((one) => one.parentId === parentId).map((one) => one.name);
    create.mutate(
      { name: freeName(beside, "New unit"), kind: parentId === null ? "department" : "team", parentId },
      { onSuccess: ({ id }) => go({ unit: id, find: undefined }) },
    );
  };
  const newUnit = mayChange && (
    <Button
      kind="primary"
      icon={<Plus size={16} aria-hidden />}
      disabled={create.isPending || units.data === undefined}
      onClick={() => add(null)}
    >
      New unit
    </Button>
  );
  return (
    <Beside
      panel={
        unit !== undefined && (
          <UnitPanel
            key={unit.id}
            unit={unit}
            units={units.data ?? []}
            onAddBelow={() => add(unit.id)}
            onClose={() => go({ unit: undefined })}
          />
        )
      }
    >
      <Page title="Organisation" actions={newUnit}>
        <Async
          of={units}
          name="The organisation"
          skeleton={<Skeleton className="h-96 w-full" />}
          isEmpty={(list) => list.length === 0}
          empty={
            <EmptyState icon={<Network size={24} aria-hidden />} title="No units yet" action={newUnit}>
              Departments, teams and cost centers, with the accounts whose costs are theirs. A role can be given in a
              unit; it reaches all units below it.
            </EmptyState>
          }
        >
          {(list) => (
            <>
              <Sentence units={list} />
              <section aria-label="Organisation" className="min-w-0 rounded-lg border border-line bg-surface-1">
                <div className="border-b border-line px-4 py-1.5">
                  <TextField
                    label="Find a unit"
                    isLabelHidden
                    type="search"
                    placeholder="Find a unit"
                    icon={<Search size={14} />}
                    value={search.find ?? ""}
                    onChange={(find) => go({ find: find === "" ? undefined : find })}
                    className="max-w-72"
                  />
                </div>
                <UnitTree
                  units={list}
                  find={search.find ?? ""}
                  openedId={search.unit ?? null}
                  mayMove={mayChange}
                  onOpen={(id) => go({ unit: id }, false)}
                  onMove={(id, parentId) => move.mutate({ id, change: { parentId } })}
                />
              </section>
            </>
          )}
        </Async>
      </Page>
    </Beside>
  );
}

function Sentence({ units }: { units: readonly Unit[] }) {
  const accounts = units.reduce((sum, unit) => sum + unit.accounts.length, 0);
  const people = units.reduce((sum, unit) => sum + unit.memberCount, 0);
  const count = (of: number, one: string, many: string) => `${formatCount(of)} ${of === 1 ? one : many}`;
  return (
    <p className="mb-4 text-lg" data-testid="sentence">
      {count(units.length, "unit", "units")} with {count(accounts, "account", "accounts")} and{" "}
      {count(people, "person", "people")}.
    </p>
  );
}
