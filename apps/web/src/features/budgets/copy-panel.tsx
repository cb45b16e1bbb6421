import type { BudgetCopy, CopyInput } from "@finops/capabilities/budgets/contract";
import { Money } from "@finops/ui/figures/money";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRested } from "../../lib/use-rested.ts";
import { budgetsQuery } from "./budget-queries.ts";
import { grainWords, toTree } from "./budget-words.ts";
import { copiesQuery, useCopyBudgets } from "./copy-queries.ts";

interface CopyPanelProps {
  /** The one that is copied; null lets the reader choose. */
  id: string | null;
  onClose: () => void;
}

/** Makes budgets of the next fiscal year out of those of this one, and shows them before they are made. */
export function CopyPanel({ id, onClose }: CopyPanelProps) {
  const [ids, setIds] = useState<readonly string[]>(id === null ? [] : [id]);
  const [withBelow, setWithBelow] = useState(true);
  const [amounts, setAmounts] = useState<"planned" | "actual">("planned");
  const [percent, setPercent] = useState("0");
  const input: CopyInput | null = ids.length === 0 ? null : { ids: [...ids], withBelow, amounts, percent };
  const settled = useRested(input);
  const copies = useQuery(copiesQuery(settled));
  const copy = useCopyBudgets(onClose);
  const found = copies.data?.copies ?? [];
  const isReady =
    input !== null && found.length > 0 && copies.error === null && found.every((one) => one.problem === null);
  return (
    <SidePanel
      title="Copy for the next fiscal year"
      onClose={onClose}
      footer={
        <>
          <Button
            kind="primary"
            disabled={!isReady || copies.isFetching || copy.isPending}
            onClick={() => input !== null && copy.mutate(input)}
          >
            {found.length > 1 && input !== null ? `Make ${found.length} copies` : "Make the copy"}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <div className="space-y-4">
        {id === null && <Chosen ids={ids} onChange={setIds} />}
        <Checkbox label="With the budgets below" checked={withBelow} onChange={setWithBelow} />
        <div className="grid grid-cols-2 gap-3">
          <Select
            label="Amounts"
            value={amounts}
            options={[
              { value: "planned", label: "As they are planned" },
              { value: "actual", label: "What was spent" },
            ]}
            onChange={setAmounts}
          />
          <TextField
            label="Percent on top"
            inputMode="decimal"
            placeholder="2.5"
            value={percent}
            onChange={setPercent}
          />
        </div>
        {settled === null ? (
          <p className="text-sm text-text-2">Choose the budgets to see what would be made.</p>
        ) : copies.error !== null ? (
          <p role="alert" className="text-sm text-negative">
            {copies.error.message}
          </p>
        ) : (
          <Async of={copies} name="The copies" skeleton={<Skeleton className="h-24 w-full" />}>
            {(all) => (
              <ul aria-label="What would be made" className="divide-y divide-line rounded-md border border-line">
                {all.copies.map((one) => (
                  <CopyRow key={one.from.id} copy={one} />
                ))}
              </ul>
            )}
          </Async>
        )}
      </div>
    </SidePanel>
  );
}

function Chosen({ ids, onChange }: { ids: readonly string[]; onChange: (ids: readonly string[]) => void }) {
  const budgets = useQuery(budgetsQuery);
  return (
    <fieldset>
      <legend className="mb-1 text-xs text-text-2">Budgets</legend>
      <ul className="max-h-64 space-y-1.5 overflow-y-auto rounded-md border border-line p-2.5">
        {toTree(budgets.data ?? []).map(({ budget, level }) => (
          <li key={budget.id} style={{ paddingLeft: level * 20 }}>
            <Checkbox
              label={budget.name}
              checked={ids.includes(budget.id)}
              onChange={(isOn) => onChange(isOn ? [...ids, budget.id] : ids.filter((one) => one !== budget.id))}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function CopyRow({ copy }: { copy: BudgetCopy }) {
  const { name, periods, total, totalBefore, currency, notes, problem } = copy;
  const missing = "It is what the budgets below come to.";
  return (
    <li className="px-3 py-2 text-sm">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate font-medium" title={name} dir="auto">
          {name}
        </span>
        <Money amount={total} currency={currency} missing={missing} />
      </div>
      <div className="flex items-baseline justify-between gap-3 text-xs text-text-2">
        <span>
          {periods.grain === "custom" ? "" : `${grainWords(periods)}, `}
          {formatDay(periods.start)} until before {periods.end === null ? "no day" : formatDay(periods.end)}
        </span>
        {totalBefore !== null && (
          <span className="shrink-0">
            planned before: <Money amount={totalBefore} currency={currency} />
          </span>
        )}
      </div>
      {notes.map((note) => (
        <p key={note} className="mt-1 text-xs text-text-2">
          {note}
        </p>
      ))}
      {problem !== null && (
        <p role="alert" className="mt-1 text-xs text-negative">
          {problem}
        </p>
      )}
    </li>
  );
}
