import { focusColumns, type FocusColumnId } from "@finops/focus/columns";
import { findServiceCategory, serviceCategoryTree } from "@finops/focus/service-categories";
import type { BillHeader, BillMapping, InputColumn, RejectRule } from "../format.ts";
import { keepColumns } from "../keep-columns.ts";
import { literal } from "../sql.ts";
import { columnValue, type ColumnValue } from "./column-value.ts";
import type { CsvDefinition } from "./definition.ts";

const assumedCurrency = "assumed_currency";

/** The mapping of a CSV by its definition: mapped columns first, then what follows from them, each derivation with its note. */
export function csvMapping(definition: CsvDefinition, header: BillHeader): BillMapping {
  const given = new Map<FocusColumnId, ColumnValue>();
  for (const { id, type } of focusColumns) {
    const source = definition.columns[id];
    const value = source === undefined ? null : columnValue(id, type, source, header, definition.decimalComma === true);
    if (value !== null) given.set(id, value);
  }
  const steps = Object.fromEntries([...given].map(([id, value]) => [`value_${id}`, value.sql]));
  const derived = deriveColumns(definition, (id) => given.has(id));
  const taken = new Set([...given.values()].flatMap((value) => value.takes).map((column) => column.toLowerCase()));
  const own = keepColumns(header.columns, (name) => !taken.has(name.toLowerCase()));
  const skip = (definition.skip ?? []).map((rule, index) => ({ ...rule, input: `skip_${index}` }));

  return {
    inputs: {
      ...Object.assign({}, ...[...given.values()].map((value) => value.inputs)),
      ...(derived.columns.BillingCurrency === assumedCurrency
        ? { [assumedCurrency]: { names: ["BillingCurrency"], kind: "text", required: true, assume: "BillingCurrency" } }
        : {}),
      ...Object.fromEntries(
        skip.map(({ input, column }): [string, InputColumn] => [input, { names: [column], kind: "text" }]),
      ),
      ...own.inputs,
    },
    steps,
    dropped: skip.map(({ rule, input, values, because }) => ({
      rule,
      when: `coalesce(${input}, '') IN (${values.map(literal).join(", ")})`,
      about: because,
    })),
    rejected: [...[...given.values()].flatMap((value) => value.rejected), ...unknownChargeCategory(given)],
    rawCost: "value_BilledCost",
    columns: {
      ...derived.columns,
      ...Object.fromEntries([...given.keys()].map((id) => [id, givenOr(derived.columns[id], id)])),
    },
    extras: own.extras,
    notes: [...derived.notes, ...(definition.notes ?? [])],
  };
}

/** A row that leaves a mapped column empty gets what the file would get without the column, but never a cost. */
function givenOr(derived: string | undefined, id: FocusColumnId): string {
  return derived === undefined || id === "EffectiveCost" ? `value_${id}` : `coalesce(value_${id}, ${derived})`;
}

function deriveColumns(
  definition: CsvDefinition,
  has: (id: FocusColumnId) => boolean,
): { columns: Partial<Record<FocusColumnId, string>>; notes: string[] } {
  const provider = literal(definition.provider);
  const columns: Partial<Record<FocusColumnId, string>> = {
    EffectiveCost: "value_BilledCost",
    ...(definition.currency !== undefined
      ? { BillingCurrency: literal(definition.currency) }
      : has("BillingCurrency")
        ? {}
        : { BillingCurrency: assumedCurrency }),
    ChargeCategory: "'Usage'",
    ...periods(has),
    ...categories(definition, has),
    ...Object.fromEntries(
      (
        [
          "ServiceName",
          "ProviderName",
          "PublisherName",
          "InvoiceIssuerName",
          "ServiceProviderName",
          "BillingAccountId",
        ] as const
      ).map((id) => [id, provider]),
    ),
  };
  const notes = [
    { about: "EffectiveCost is BilledCost: the file spreads no purchase over time.", unless: "EffectiveCost" },
    {
      about: `BillingCurrency is ${definition.currency ?? "the one that was assumed"}: the file does not name it.`,
      unless: "BillingCurrency",
    },
    { about: "ChargeCategory is Usage on every row.", unless: "ChargeCategory" },
    {
      about: has("ChargePeriodStart")
        ? "A charge ends with the day on which it begins (UTC)."
        : "A charge covers its whole billing period: the file has no days.",
      unless: "ChargePeriodEnd",
    },
    { about: "The billing period is the calendar month of the charge (UTC).", unless: "BillingPeriodStart" },
    { about: `ServiceName is ${definition.provider}.`, unless: "ServiceName" },
    { about: `BillingAccountId is ${definition.provider}: the file names no account.`, unless: "BillingAccountId" },
    { about: "ListCost is unknown, so these rows take no part in savings.", unless: "ListCost" },
  ] as const;
  return { columns, notes: notes.filter(({ unless }) => !has(unless)).map(({ about }) => about) };
}

function periods(has: (id: FocusColumnId) => boolean): Partial<Record<FocusColumnId, string>> {
  const billingStart = has("BillingPeriodStart")
    ? "value_BillingPeriodStart"
    : "CAST(date_trunc('month', value_ChargePeriodStart) AS TIMESTAMP)";
  const billingEnd = has("BillingPeriodEnd") ? "value_BillingPeriodEnd" : `${billingStart} + INTERVAL 1 MONTH`;
  return {
    BillingPeriodStart: billingStart,
    BillingPeriodEnd: billingEnd,
    ChargePeriodStart: billingStart,
    ChargePeriodEnd: has("ChargePeriodStart")
      ? "CAST(date_trunc('day', value_ChargePeriodStart) AS TIMESTAMP) + INTERVAL 1 DAY"
      : billingEnd,
  };
}

/** A category and a subcategory that belong together: the subcategory tells the category, a category its own "Other". */
function categories(
  definition: CsvDefinition,
  has: (id: FocusColumnId) => boolean,
): Partial<Record<FocusColumnId, string>> {
  const category = definition.columns.ServiceCategory;
  const subcategory = definition.columns.ServiceSubcategory;
  if (subcategory !== undefined && "value" in subcategory)
    return { ServiceCategory: literal(findServiceCategory(subcategory.value) ?? "Other") };
  if (category !== undefined && "value" in category)
    return { ServiceSubcategory: literal(`Other (${category.value})`) };
  if (!has("ServiceCategory")) return { ServiceCategory: "'Other'", ServiceSubcategory: "'Other (Other)'" };
  const known = Object.keys(serviceCategoryTree).map(literal).join(", ");
  return {
    ServiceSubcategory: `CASE WHEN value_ServiceCategory IN (${known}) THEN 'Other (' || value_ServiceCategory || ')' END`,
  };
}

function unknownChargeCategory(given: ReadonlyMap<FocusColumnId, ColumnValue>): RejectRule[] {
  if (!given.has("ChargeCategory")) return [];
  return [
    {
      when: "value_ChargeCategory NOT IN ('Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment')",
      reason:
        "'ChargeCategory \"' || value_ChargeCategory || '\" is none of Usage, Purchase, Tax, Credit and Adjustment. Translate it in the values of the mapping.'",
    },
  ];
}
