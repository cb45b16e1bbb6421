/** FOCUS columns that a person can fill from a CSV of their own, in the order in which they think of them. */
export const mappingTargets = [
  { id: "BilledCost", label: "Cost", isNeeded: true, hints: ["cost", "amount", "total", "price", "charge"] },
  { id: "ChargePeriodStart", label: "Date", isNeeded: true, hints: ["date", "day", "usage date", "start"] },
  { id: "BillingCurrency", label: "Currency", isNeeded: false, hints: ["currency", "curr"] },
  { id: "ServiceName", label: "Service", isNeeded: false, hints: ["service", "product", "item", "thing"] },
  { id: "SubAccountId", label: "Account", isNeeded: false, hints: ["account", "project", "subscription", "workspace"] },
  { id: "RegionId", label: "Region", isNeeded: false, hints: ["region", "location"] },
  { id: "ResourceId", label: "Resource", isNeeded: false, hints: ["resource", "instance"] },
  { id: "ChargeDescription", label: "Description", isNeeded: false, hints: ["description", "details", "memo"] },
  { id: "ConsumedQuantity", label: "Quantity", isNeeded: false, hints: ["quantity", "usage", "units"] },
  { id: "ConsumedUnit", label: "Unit", isNeeded: false, hints: ["unit"] },
] as const;

export interface MappingDraft {
  name: string;
  /** For a file that has no column for it. */
  currency: string;
  columns: Record<string, string>;
  dateFormat: string;
  isDecimalComma: boolean;
}

/** A first guess: the columns whose names sound like it. Each column is taken once. */
export function guessMapping(columns: readonly string[]): MappingDraft {
  const taken = new Set<string>();
  const chosen: Record<string, string> = {};
  for (const target of mappingTargets) {
    const found =
      columns.find((column) => !taken.has(column) && column.toLowerCase() === target.id.toLowerCase()) ??
      target.hints
        .map((hint) => columns.find((column) => !taken.has(column) && column.toLowerCase().includes(hint)))
        .find((column) => column !== undefined);
    if (found === undefined) continue;
    taken.add(found);
    chosen[target.id] = found;
  }
  return { name: "", currency: "", columns: chosen, dateFormat: "", isDecimalComma: false };
}

/** What is still to be said before the draft can be used; null when nothing is. */
export function gapOf(draft: MappingDraft): string | null {
  const needed = mappingTargets.find((target) => target.isNeeded && !draft.columns[target.id]);
  if (needed !== undefined) return `Say which column is the ${needed.label.toLowerCase()}.`;
  if (draft.name.trim() === "") return "Say who sends this bill.";
  if (!draft.columns["BillingCurrency"] && !/^[A-Z]{3}$/.test(draft.currency))
    return "Say the currency, or the column that has it.";
  return null;
}

/** The draft as the API takes it. */
export function toDefinition(draft: MappingDraft): Record<string, unknown> {
  const columns = Object.fromEntries(
    Object.entries(draft.columns)
      .filter(([, column]) => column !== "")
      .map(([id, column]) => [
        id,
        id === "ChargePeriodStart" && draft.dateFormat !== "" ? { column, format: draft.dateFormat } : column,
      ]),
  );
  return {
    name: draft.name.trim(),
    provider: draft.name.trim(),
    columns,
    ...(draft.columns["BillingCurrency"] ? {} : { currency: draft.currency }),
    ...(draft.isDecimalComma ? { decimalComma: true } : {}),
  };
}
