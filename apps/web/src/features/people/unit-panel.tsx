import type { Unit } from "@finops/capabilities/people/contract";
import { addDays } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useCallback } from "react";
import { request } from "../../lib/api.ts";
import { catalogQuery } from "../../lib/cost-view/cost-answers.ts";
import { serverClock } from "../../lib/server-clock.ts";
import { useMay } from "../../lib/session.ts";
import { KeptField } from "./kept-field.tsx";
import { useChangeMember, useChangeUnit, useDeleteUnit, useUnitAccounts } from "./people-changes.ts";
import { membersQuery, personName } from "../../lib/people-queries.ts";
import { Section } from "./person-panel.tsx";
import { PickedList } from "./picked-list.tsx";
import { unitKindWords } from "./unit-kinds.ts";
import { canMove } from "./unit-tree.ts";
import { unitPath } from "../../lib/unit-path.ts";

interface UnitPanelProps {
  unit: Unit;
  units: readonly Unit[];
  onAddBelow: () => void;
  onClose: () => void;
}

/** One unit: its name and place, whose costs are its own, and who is in it. */
export function UnitPanel({ unit, units, onAddBelow, onClose }: UnitPanelProps) {
  const mayChange = useMay("members:write");
  const remove = useDeleteUnit();
  return (
    <SidePanel
      title={unit.name}
      about={unitPath(units, unit.id)}
      onClose={onClose}
      footer={
        mayChange ? (
          <>
            <Button icon={<Plus size={16} aria-hidden />} onClick={onAddBelow}>
              Add a unit below
            </Button>
            <Button
              kind="danger"
              icon={<Trash2 size={16} aria-hidden />}
              onClick={() => {
                remove.mutate(unit.id, { onSuccess: onClose });
              }}
            >
              Delete
            </Button>
          </>
        ) : undefined
      }
    >
      <div className="space-y-6">
        {mayChange && <UnitFields unit={unit} units={units} />}
        <Section title="Accounts whose costs are its own">
          <UnitAccounts unit={unit} units={units} mayChange={mayChange} />
        </Section>
        <Section title="People">
          <UnitPeople unit={unit} units={units} mayChange={mayChange} />
        </Section>
      </div>
    </SidePanel>
  );
}

function UnitFields({ unit, units }: Pick<UnitPanelProps, "unit" | "units">) {
  const change = useChangeUnit();
  const places = units.filter((one) => one.id === unit.parentId || canMove(units, unit.id, one.id));
  return (
    <div className="space-y-3">
      <KeptField
        label="Name"
        value={unit.name}
        maxLength={120}
        isNeeded
        onKeep={(name) => change.mutate({ id: unit.id, change: { name } })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label="Kind"
          value={unit.kind}
          options={Object.entries(unitKindWords).map(([value, label]) => ({ value: value as Unit["kind"], label }))}
          onChange={(kind) => change.mutate({ id: unit.id, change: { kind } })}
        />
        <Select
          label="In"
          value={unit.parentId ?? ""}
          options={[
            { value: "", label: "The company itself" },
            ...places.map((one) => ({ value: one.id, label: unitPath(units, one.id) })),
          ]}
          onChange={(parentId) =>
            change.mutate({ id: unit.id, change: { parentId: parentId === "" ? null : parentId } })
          }
        />
      </div>
    </div>
  );
}

function UnitAccounts({ unit, units, mayChange }: Pick<UnitPanelProps, "unit" | "units"> & { mayChange: boolean }) {
  const change = useUnitAccounts();
  const search = useAccountSearch(units, unit);
  return (
    <PickedList
      items={unit.accounts.map((account) => ({ id: account, name: account }))}
      none="None. Costs reach a unit by their account."
      pick={{ label: "Add an account", search }}
      mayChange={mayChange}
      onAdd={(account) => change.mutate({ id: unit.id, accounts: [...unit.accounts, account].toSorted() })}
      onRemove={({ id }) => change.mutate({ id: unit.id, accounts: unit.accounts.filter((account) => account !== id) })}
    />
  );
}

const yearDays = 366;

/** Accounts of the bills by a part of their id; what is typed itself where no bill has it yet. */
function useAccountSearch(units: readonly Unit[], unit: Unit) {
  const { data: catalog } = useQuery({ ...catalogQuery, enabled: useMay("costs:read") });
  const available = catalog?.available ?? null;
  return useCallback(
    async (text: string, signal: AbortSignal) => {
      const owner = new Map(units.flatMap((one) => one.accounts.map((account) => [account, one] as const)));
      const found = available === null ? [] : await findAccounts(text, available.end, signal);
      const typed = text === "" || found.includes(text) ? [] : [text];
      return [...found, ...typed]
        .filter((account) => !unit.accounts.includes(account))
        .map((account) => ({
          value: account,
          label: account,
          note: owner.has(account)
            ? `in ${owner.get(account)!.name}`
            : typed.includes(account)
              ? "as typed"
              : undefined,
        }));
    },
    [units, unit, available],
  );
}

async function findAccounts(search: string, end: string, signal: AbortSignal): Promise<string[]> {
  const query = new URLSearchParams({
    start: addDays(end, -yearDays),
    end: end > serverClock.today() ? end : addDays(serverClock.today(), 1),
    limit: "50",
    ...(search === "" ? {} : { search }),
  });
  const { values } = await request<{ values: { value: string | null }[] }>(
    `/api/v1/cost/dimensions/subAccountId/values?${query.toString()}`,
    { signal },
  );
  return values.flatMap(({ value }) => (value === null || value === "" ? [] : [value]));
}

function UnitPeople({ unit, units, mayChange }: Pick<UnitPanelProps, "unit" | "units"> & { mayChange: boolean }) {
  const { data: members } = useQuery(membersQuery);
  const change = useChangeMember();
  const inside = (members ?? []).filter((member) => member.unitId === unit.id);
  return (
    <PickedList
      items={inside.map((member) => ({ id: member.id, name: personName(member), about: member.role.name }))}
      none="Nobody belongs to it."
      pick={{
        label: "Add a person",
        options: (members ?? [])
          .filter((member) => member.unitId !== unit.id)
          .map((member) => ({
            value: member.id,
            label: personName(member),
            note: member.unitId === null ? undefined : unitPath(units, member.unitId),
          })),
      }}
      mayChange={mayChange}
      onAdd={(id) => change.mutate({ id, change: { unitId: unit.id } })}
      onRemove={({ id }) => change.mutate({ id, change: { unitId: null } })}
    />
  );
}
