import type { Budget, BudgetPlanner } from "@finops/capabilities/budgets/contract";
import type { Plan } from "@finops/capabilities/budgets/plan";
import {
  planAmount,
  planPeriods,
  type PlanRow,
  planSpread,
  planSum,
  type SpreadWay,
} from "@finops/capabilities/budgets/planner";
import { parseDecimal, sum } from "@finops/kernel/decimal";
import type { Day } from "@finops/kernel/period";
import { Delta } from "@finops/ui/figures/delta";
import { Money } from "@finops/ui/figures/money";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Menu, type MenuAction } from "@finops/ui/primitives/menu";
import { formatPeriod } from "@finops/ui/text/format-day";
import { formatMoney } from "@finops/ui/text/format-figure";
import { Ellipsis } from "lucide-react";
import type { Dispatch, ReactNode } from "react";
import { BudgetLink } from "./budget-link.tsx";
import { type Move, PlanAmount } from "./plan-amount.tsx";
import { PlanCells } from "./plan-cells.tsx";
import type { PlanAction } from "./plan-draft.ts";

interface PlanLineProps {
  budget: Budget;
  level: number;
  row: PlanRow;
  plan: Plan;
  planner: BudgetPlanner;
  /** The columns, by their first days, and the place of the one that a phone shows. */
  months: readonly Day[];
  shown: number;
  /** Somebody changed the budget since its draft was begun. */
  isOvertaken: boolean;
  move: Move;
  act: Dispatch<PlanAction>;
  fold: ReactNode;
}

/** One budget of the plan: its slider, its periods, what it gives to those below, and what is expected against it. */
export function PlanLine(props: PlanLineProps) {
  const { budget, level, row, plan, months, shown, isOvertaken, move, act, fold } = props;
  const { id, name, currency } = budget;
  const locked = plan.budgets.find((one) => one.id === id)?.locked ?? null;
  const amount = plan.draft[id] ?? budget.amount;
  const isPlanned = row.cells.length > 0;
  const isOpen = locked === null && (amount.kind === "plan" || amount.kind === "children");
  const rest = () => act({ do: "rest" });
  return (
    <li className="space-y-2 px-4 py-2.5">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 xl:grid-cols-[minmax(180px,1.4fr)_minmax(300px,1.6fr)_minmax(130px,0.8fr)_minmax(150px,0.8fr)_32px]">
        <div className="min-w-0" style={{ paddingLeft: Math.min(level, 6) * 16 }}>
          <div className="flex min-w-0 items-center gap-1 text-sm">
            {fold}
            <BudgetLink id={id} name={name} />
          </div>
          <p className="text-xs text-text-2">{row.missing ?? periodWords(row)}</p>
          {isOvertaken && (
            <p className="mt-1 flex flex-wrap items-center gap-2">
              <Badge tone="warning">Changed meanwhile</Badge>
              <Button kind="quiet" onClick={() => act({ do: "drop", ids: [id] })}>
                Take it as it is now
              </Button>
            </p>
          )}
        </div>
        <div className="order-last col-span-2 xl:order-none xl:col-span-1">
          {locked === null && isPlanned ? (
            <PlanAmount budget={budget} amount={amount} row={row} move={move} onRest={rest} />
          ) : (
            <p className="text-sm" title={locked ?? undefined}>
              <Money
                amount={isPlanned ? row.amount.toString() : null}
                currency={currency}
                missing={row.missing ?? ""}
              />
              {locked !== null && <span className="block text-xs text-text-2">{locked}</span>}
            </p>
          )}
        </div>
        <div className="col-span-2 text-sm xl:col-span-1 xl:text-right">
          {row.amount.equals(row.before) ? (
            <span className="text-text-3">{plan.draft[id] === undefined ? "As it is" : "The same in sum"}</span>
          ) : (
            <Delta now={row.amount.toString()} before={row.before.toString()} currency={currency} good="neither" />
          )}
        </div>
        <div className="col-span-2 space-y-1 text-xs text-text-2 xl:col-span-1">
          <Below row={row} currency={currency} />
          <Expected budget={budget} row={row} />
        </div>
        <div className="max-xl:col-start-2 max-xl:row-start-1 max-xl:self-start">
          {isPlanned && <LineMenu {...props} locked={locked} kind={amount.kind} />}
        </div>
      </div>
      {isPlanned && (isOpen || row.cells.length > 1) && (
        <PlanCells
          budget={budget}
          row={row}
          months={months}
          shown={shown}
          isOpen={isOpen}
          onType={(period, typed) => move(`type ${id} ${period.start}`, (now) => planAmount(now, id, period, typed))}
          onRest={rest}
        />
      )}
    </li>
  );
}

function periodWords({ cells }: PlanRow): string {
  const [first, last] = [cells[0]!.period, cells.at(-1)!.period];
  return formatPeriod({ start: first.start, end: last.end });
}

function LineMenu({
  budget,
  row,
  planner,
  move,
  locked,
  kind,
}: Pick<PlanLineProps, "budget" | "row" | "planner" | "move"> & { locked: string | null; kind: string }) {
  const { id, name } = budget;
  const hasBelow = row.cells.some(({ children }) => children !== null);
  const isOne = kind === "fixed" || kind === "growing";
  if (!hasBelow && (!isOne || locked !== null)) return null;
  return (
    <Menu
      trigger={
        <Button kind="quiet" aria-label={`Spread or sum up ${name}`} icon={<Ellipsis size={16} aria-hidden />} />
      }
      groups={[
        ...(hasBelow
          ? [
              { label: "From the top down", actions: spreads(budget, planner, move) },
              {
                label: "From the bottom up",
                actions: [
                  {
                    id: "sum",
                    label: "Becomes the sum",
                    about: "Its amount is what those below come to",
                    isDisabled: locked !== null || kind === "children",
                    onSelect: () => move(null, (now) => planSum(now, id)),
                  },
                ],
              },
            ]
          : []),
        ...(isOne && locked === null
          ? [
              {
                label: "Its amount",
                actions: [
                  {
                    id: "periods",
                    label: "Plan each period…",
                    about: "It becomes a plan with an amount for each",
                    onSelect: () => move(null, (now) => planPeriods(now, id)),
                  },
                ],
              },
            ]
          : []),
      ]}
    />
  );
}

/** What it gives to the budgets below it, in all planned periods. */
function Below({ row: { cells }, currency }: { row: PlanRow; currency: string }) {
  const given = cells.flatMap(({ children }) => (children === null ? [] : [children]));
  const [first] = given;
  if (first === undefined) return null;
  const over = given.filter(({ isOverAllocated }) => isOverAllocated);
  const where = over.length < cells.length ? ` in ${over.length} of ${cells.length} periods` : "";
  if (over.length > 0)
    return (
      <p>
        <Badge tone="bad" title={`The ${first.count} below come to more than it has${where}`}>
          {formatMoney(sum(over.map(({ unallocated }) => unallocated.abs())).toString(), currency)} too much below
          {where}
        </Badge>
      </p>
    );
  const unallocated = sum(given.map((one) => one.unallocated));
  const untold = Math.max(...given.map((one) => one.untold));
  if (untold > 0)
    return (
      <p>
        <Money amount={unallocated.toString()} currency={currency} /> unallocated, without {untold} below that cannot be
        told
      </p>
    );
  return unallocated.isZero() ? (
    <p>All of it is given to {first.count} below</p>
  ) : (
    <p>
      <Money amount={unallocated.toString()} currency={currency} /> unallocated
    </p>
  );
}

/** What the running period is expected to cost, against what is planned for it. */
function Expected({ budget: { standing, currency }, row: { cells } }: Pick<PlanLineProps, "budget" | "row">) {
  if (standing === null || standing.expected === null) return null;
  const cell = cells.find(({ period }) => period.start === standing.period.start);
  const isOver =
    cell !== undefined &&
    standing.carriedIn !== null &&
    parseDecimal(standing.expected).greaterThan(cell.amount.plus(parseDecimal(standing.carriedIn)));
  return (
    <p className="flex flex-wrap items-center gap-1.5">
      <span>
        <Money amount={standing.expected} currency={currency} /> expected in {formatPeriod(standing.period)}
      </span>
      {isOver && <Badge tone="warning">Over it</Badge>}
    </p>
  );
}

const ways: readonly { way: SpreadWay; label: string; about: string }[] = [
  { way: "evenly", label: "Spread evenly", about: "The same to each below" },
  { way: "by-last-actual", label: "Spread by what was spent", about: "As the last finished period cost" },
  { way: "by-current-share", label: "Spread by shares", about: "Each below keeps its share" },
];

function spreads({ id }: Budget, { lastPeriods }: BudgetPlanner, move: Move): MenuAction[] {
  const lastActualOf = (one: string) => {
    const actual = lastPeriods.find(({ budgetId }) => budgetId === one)?.actual ?? null;
    return actual === null ? null : parseDecimal(actual);
  };
  return ways.map(({ way, label, about }) => ({
    id: way,
    label,
    about,
    onSelect: () => move(null, (plan) => planSpread(plan, id, way, lastActualOf)),
  }));
}
