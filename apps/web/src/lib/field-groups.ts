import type { CostCatalog } from "@finops/capabilities/costs/contract";
import { dimensionLabel } from "./cost-words.ts";

export const fieldGroups = [
  "Who",
  "What",
  "Where",
  "When",
  "How it is charged",
  "Commitments",
  "Invoice",
  "Tags",
  "Extra",
] as const;
export type FieldGroup = (typeof fieldGroups)[number];

export interface Field {
  name: string;
  label: string;
  group: FieldGroup;
}

/** Every dimension of a company, by the question that it answers; what people ask for most comes first in each. */
export function fieldsOf(catalog: CostCatalog): Field[] {
  const fixed = catalog.dimensions
    .filter(({ name }) => !hidden.has(name))
    .map(({ name }): Field => ({ name, label: dimensionLabel(name, catalog), group: groupOf(name) }));
  const tags = catalog.tagKeys.map((key): Field => ({ name: `tag:${key}`, label: key, group: "Tags" }));
  const extras = catalog.extraKeys.map((name): Field => ({ name, label: name, group: "Extra" }));
  const place = new Map(fieldGroups.map((group, index) => [group, index]));
  return [...fixed, ...tags, ...extras].toSorted(
    (a, b) =>
      place.get(a.group)! - place.get(b.group)! ||
      rankOf(a.name) - rankOf(b.name) ||
      (a.group === "Tags" ? 0 : a.label.localeCompare(b.label)),
  );
}

/** Fields that have every word in their name, best first: those that start with the text, then by the order of the list. */
export function findFields(fields: readonly Field[], text: string): readonly Field[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return fields;
  const starts = (field: Field) => Number(!field.label.toLowerCase().startsWith(words[0]!));
  return fields
    .filter((field) => {
      const names = `${field.label} ${field.name} ${field.group}`.toLowerCase();
      return words.every((word) => names.includes(word));
    })
    .toSorted((a, b) => starts(a) - starts(b));
}

function groupOf(name: string): FieldGroup {
  if (name.startsWith("tag:")) return "Tags";
  if (name.startsWith("x_")) return "Extra";
  return tests.find(([, pattern]) => pattern.test(name))?.[0] ?? "What";
}

const tests: readonly (readonly [FieldGroup, RegExp])[] = [
  ["When", /^(hour|day|week|month|quarter|year)$/],
  ["Commitments", /^(commitment|capacityReservation|contractApplied)/],
  ["Invoice", /^(invoice|billing(Period|Currency)|billFile)/],
  ["Who", /^(billingAccount|subAccount|provider|publisher|serviceProvider|hostProvider|allocated)/],
  ["Where", /^(region|availabilityZone)/],
  ["How it is charged", /^(charge|pricing|sku(?!Meter)|consumedUnit|contractedUnit|listUnit|tags$)/],
];

/** Asked for most, so first in their group. */
const first = [
  "subAccountId",
  "providerFamily",
  "providerName",
  "billingAccountId",
  "subAccountName",
  "billingAccountName",
  "serviceName",
  "serviceCategory",
  "resourceId",
  "resourceType",
  "regionId",
  "day",
  "month",
  "chargeCategory",
  "chargeDescription",
  "commitmentDiscountStatus",
  "commitmentDiscountId",
  "billingPeriod",
  "invoiceId",
];

function rankOf(name: string): number {
  const index = first.indexOf(name);
  return index === -1 ? first.length : index;
}

/** All tags in one text: nobody asks by that, each tag is a field of its own. */
const hidden = new Set(["tags", "allocatedTags"]);
