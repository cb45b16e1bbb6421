import type {
  Budget,
  BudgetAmount,
  BudgetInput,
  BudgetPeriods,
  BudgetPreviewInput,
  PlannedAmount,
  Rollover,
} from "@finops/capabilities/budgets/contract";
import { BudgetInput as Input } from "@finops/capabilities/budgets/contract";

/** A budget as it is typed. */
export interface BudgetForm {
  name: string;
  filter: Budget["filter"];
  measure: Budget["measure"];
  currency: string;
  grain: BudgetPeriods["grain"];
  start: string;
  /** The last day that may be in it; empty is without end. */
  end: string;
  amountKind: BudgetAmount["kind"];
  amount: string;
  percent: string;
  plan: string;
  rollover: Rollover["kind"];
  cap: string;
  parentId: string;
  ownerId: string;
  notes: string;
  reason: string;
}

export function newForm(currency: string, today: string): BudgetForm {
  return {
    name: "",
    filter: null,
    measure: "effectiveCost",
    currency,
    grain: "month",
    start: `${today.slice(0, 7)}-01`,
    end: "",
    amountKind: "fixed",
    amount: "",
    percent: "",
    plan: "",
    rollover: "none",
    cap: "",
    parentId: "",
    ownerId: "",
    notes: "",
    reason: "",
  };
}

export function formOf(budget: Budget): BudgetForm {
  const { amount, periods, rollover } = budget;
  return {
    name: budget.name,
    filter: budget.filter,
    measure: budget.measure,
    currency: budget.currency,
    grain: periods.grain,
    start: periods.start,
    end: periods.end ?? "",
    amountKind: amount.kind,
    amount: "amount" in amount ? amount.amount : "",
    percent: amount.kind === "growing" ? amount.percent : "",
    plan: amount.kind === "plan" ? amount.amounts.map((one) => `${one.start}\t${one.amount}`).join("\n") : "",
    rollover: rollover.kind,
    cap: rollover.cap ?? "",
    parentId: budget.parentId ?? "",
    ownerId: "",
    notes: budget.notes,
    reason: "",
  };
}

/** The periods as they are typed; null while they are not whole. */
export function periodsOf({ grain, start, end }: BudgetForm): BudgetPeriods | null {
  if (grain === "custom") return start === "" || end === "" ? null : { grain, start, end };
  return start === "" ? null : { grain, start, end: end === "" ? null : end };
}

/** The budget as it would be kept, or the first thing that is wrong with it. */
export function readForm(
  form: BudgetForm,
  planned: readonly PlannedAmount[],
  kept: Budget | null,
): { input: BudgetInput; problem: null } | { input: null; problem: string } {
  const periods = periodsOf(form);
  if (periods === null) return { input: null, problem: "Say from which day to which it goes." };
  const parsed = Input.safeParse({
    name: form.name,
    filter: form.filter,
    measure: form.measure,
    currency: form.currency.trim(),
    periods,
    amount: amountOf(form, planned),
    rollover: { kind: form.rollover, cap: form.rollover === "none" || form.cap === "" ? null : form.cap.trim() },
    parentId: form.parentId === "" ? null : form.parentId,
    ownerId: form.ownerId === "" ? null : form.ownerId,
    watcherIds: kept?.watchers.map(({ id }) => id) ?? [],
    notes: form.notes,
    links: kept?.links ?? [],
    reason: form.reason,
  });
  if (parsed.success) return { input: parsed.data, problem: null };
  return { input: null, problem: parsed.error.issues[0]!.message };
}

/** What of it a preview needs; it needs no name. */
export function previewOf(
  form: BudgetForm,
  planned: readonly PlannedAmount[],
  kept: Budget | null,
): BudgetPreviewInput | null {
  const { input } = readForm({ ...form, name: "x" }, planned, kept);
  if (input === null) return null;
  const { filter, measure, currency, periods, amount, rollover } = input;
  return { filter, measure, currency, periods, amount, rollover, id: kept?.id ?? null };
}

function amountOf(form: BudgetForm, planned: readonly PlannedAmount[]): unknown {
  const amount = form.amount.trim();
  if (form.amountKind === "fixed") return { kind: "fixed", amount };
  if (form.amountKind === "growing") return { kind: "growing", amount, percent: form.percent.trim() };
  return form.amountKind === "plan" ? { kind: "plan", amounts: planned } : { kind: "children" };
}
