import type {
  Budget,
  BudgetAmount,
  BudgetInput,
  BudgetPeriods,
  BudgetPreviewInput,
  PlannedAmount,
  Rollover,
  TemplateDraft,
} from "@finops/capabilities/budgets/contract";
import { BudgetInput as Input } from "@finops/capabilities/budgets/contract";

/** A budget as it is typed. */
export interface BudgetForm {
  name: string;
  scopeKind: Budget["scope"]["kind"];
  filter: Budget["filter"];
  /** The unit or the view, where it is one. */
  scopeId: string;
  measure: Budget["measure"];
  currency: string;
  grain: BudgetPeriods["grain"];
  start: string;
  /** The last day that may be in it; empty is without end. */
  end: string;
  amountKind: BudgetAmount["kind"];
  /** Of a unit metric, the price of one. */
  amount: string;
  metricId: string;
  percent: string;
  plan: string;
  rollover: Rollover["kind"];
  cap: string;
  parentId: string;
  ownerId: string;
  watchers: Budget["watchers"];
  links: Budget["links"];
  notes: string;
  reason: string;
}

export function newForm(currency: string, today: string): BudgetForm {
  return {
    name: "",
    scopeKind: "filter",
    filter: null,
    scopeId: "",
    measure: "effectiveCost",
    currency,
    grain: "month",
    start: `${today.slice(0, 7)}-01`,
    end: "",
    amountKind: "fixed",
    amount: "",
    metricId: "",
    percent: "",
    plan: "",
    rollover: "none",
    cap: "",
    parentId: "",
    ownerId: "",
    watchers: [],
    links: [],
    notes: "",
    reason: "",
  };
}

export function formOf(budget: Budget): BudgetForm {
  const { amount, periods, rollover } = budget;
  return {
    name: budget.name,
    scopeKind: budget.scope.kind,
    filter: budget.filter,
    scopeId: budget.scope.kind === "filter" ? "" : budget.scope.id,
    measure: budget.measure,
    currency: budget.currency,
    grain: periods.grain,
    start: periods.start,
    end: periods.end ?? "",
    amountKind: amount.kind,
    amount: amount.kind === "unit" ? amount.price : "amount" in amount ? amount.amount : "",
    metricId: amount.kind === "unit" ? amount.metricId : "",
    percent: amount.kind === "growing" ? amount.percent : "",
    plan: amount.kind === "plan" ? amount.amounts.map((one) => `${one.start}\t${one.amount}`).join("\n") : "",
    rollover: rollover.kind,
    cap: rollover.cap ?? "",
    parentId: budget.parentId ?? "",
    ownerId: "",
    watchers: budget.watchers,
    links: budget.links,
    notes: budget.notes,
    reason: "",
  };
}

/** What a template fills in; what it does not know is left empty. */
export function formOfDraft({ amount, periods, rollover, ...draft }: TemplateDraft): Partial<BudgetForm> {
  return {
    measure: draft.measure,
    currency: draft.currency,
    grain: periods.grain,
    start: periods.start,
    end: periods.end ?? "",
    amountKind: amount.kind,
    amount: amount.amount ?? "",
    metricId: amount.metricId ?? "",
    percent: amount.percent ?? "",
    plan: amount.plan.map((one) => `${one.start}\t${one.amount ?? ""}`).join("\n"),
    rollover: rollover.kind,
    cap: rollover.cap ?? "",
    notes: draft.notes,
    links: draft.links,
  };
}

/** Whose costs it is about; null while that is not chosen. */
export function scopeOf({ scopeKind, scopeId, filter }: BudgetForm): Pick<BudgetInput, "filter" | "scope"> | null {
  if (scopeKind === "filter") return { filter, scope: { kind: "filter" } };
  return scopeId === "" ? null : { filter: null, scope: { kind: scopeKind, id: scopeId } };
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
): { input: BudgetInput; problem: null } | { input: null; problem: string } {
  const periods = periodsOf(form);
  const scope = scopeOf(form);
  if (form.amountKind === "unit" && form.metricId === "") return { input: null, problem: "Choose the unit metric." };
  if (scope === null)
    return { input: null, problem: form.scopeKind === "unit" ? "Choose the unit." : "Choose the saved view." };
  if (periods === null) return { input: null, problem: "Say from which day to which it goes." };
  const parsed = Input.safeParse({
    name: form.name,
    ...scope,
    measure: form.measure,
    currency: form.currency.trim(),
    periods,
    amount: amountOf(form, planned),
    rollover: { kind: form.rollover, cap: form.rollover === "none" || form.cap === "" ? null : form.cap.trim() },
    parentId: form.parentId === "" ? null : form.parentId,
    ownerId: form.ownerId === "" ? null : form.ownerId,
    watcherIds: form.watchers.map(({ id }) => id),
    notes: form.notes,
    links: form.links,
    reason: form.reason,
  });
  if (parsed.success) return { input: parsed.data, problem: null };
  return { input: null, problem: parsed.error.issues[0]!.message };
}

/** What of it a preview needs; it needs no name, and nothing that is for people alone. */
export function previewOf(
  form: BudgetForm,
  planned: readonly PlannedAmount[],
  id: string | null,
): BudgetPreviewInput | null {
  const { input } = readForm({ ...form, name: "x", links: [] }, planned);
  if (input === null) return null;
  const { filter, scope, measure, currency, periods, amount, rollover } = input;
  return { filter, scope, measure, currency, periods, amount, rollover, id };
}

function amountOf(form: BudgetForm, planned: readonly PlannedAmount[]): unknown {
  const amount = form.amount.trim();
  if (form.amountKind === "fixed") return { kind: "fixed", amount };
  if (form.amountKind === "unit") return { kind: "unit", metricId: form.metricId, price: amount };
  if (form.amountKind === "growing") return { kind: "growing", amount, percent: form.percent.trim() };
  return form.amountKind === "plan" ? { kind: "plan", amounts: planned } : { kind: "children" };
}
