import type { ColumnType, FocusVersion } from "@finops/focus/column";
import { columnsOfVersion, focusColumns, isFocusColumnId, type FocusColumnId } from "@finops/focus/columns";
import { columnMigrations, migrationsFor } from "@finops/focus/migrations";
import { detectFocusVersion } from "@finops/focus/versions";
import type { BillHeader, BillMapping, ColumnFamily, InputColumn, InputKind, RowRule } from "../format.ts";
import { keepColumns, type KeptColumns } from "../keep-columns.ts";
import { moneyText } from "../money-text.ts";
import { canonicalName, canonicalNames } from "./focus-header.ts";
import { isMisspelled, spelled } from "./spellings.ts";
import { flatTags } from "../flat-tags.ts";
import { hasSpreadsheetMoney, slashedDateFormats } from "./written-values.ts";

/** Where a provider's FOCUS export departs from the specification, as data. SQL is over FOCUS column names and `inputs`. */
export interface Departures {
  /** The provider's names for FOCUS columns, in order of preference after the specification's own. */
  renamed?: Partial<Record<FocusColumnId, readonly string[]>>;
  /** The provider's own columns that the SQL below reads. They are kept as extras all the same. */
  inputs?: Record<string, InputColumn>;
  families?: Record<string, ColumnFamily>;
  /** Named intermediate values of the SQL below. */
  steps?: Record<string, string>;
  /** SQL for the tags as a flat JSON object, where they need more than `flatTags`. */
  tags?: string;
  /** SQL that takes the place of a column's own value. */
  columns?: Partial<Record<FocusColumnId, string>>;
  extras?: Record<string, string>;
  /** Repairs that change a column other than BilledCost; the report counts their rows. */
  repairs?: readonly RowRule[];
  notes?: readonly string[];
}

/** What no cost can be stored without. A file that lacks one is refused, unless the caller assumes its value. */
const required: readonly FocusColumnId[] = [
  "BilledCost",
  "EffectiveCost",
  "BillingCurrency",
  "BillingPeriodStart",
  "BillingPeriodEnd",
  "ChargePeriodStart",
  "ChargePeriodEnd",
  "ChargeCategory",
];

const kinds: Record<ColumnType, InputKind> = { string: "text", decimal: "decimal", datetime: "time", json: "json" };

/**
 * The mapping of a FOCUS file of any version: a column that the file has stays as it is, one that a later version renamed
 * is translated by the specification's notes, and one that it lacks stays unknown. Nothing is guessed.
 */
export function focusMapping(header: BillHeader, departures: Departures = {}): BillMapping {
  const names = presentColumns(header, departures);
  const version = detectFocusVersion([...names])?.version ?? "1.0";
  const migrations = migrationsFor([...names]);
  const formats = slashedDateFormats(header);
  const money = hasSpreadsheetMoney(header);
  const own = ownColumns(header, departures);

  const present = new Map(focusColumns.filter(({ id }) => names.has(id)).map(({ id }) => [id, id as string]));
  const columns = Object.fromEntries(
    focusColumns.map(({ id, type }) => [id, type === "decimal" && money ? moneyText(id) : spelled(id, id)]),
  );
  for (const { from, to } of migrations) if (isFocusColumnId(from)) columns[to] = `coalesce(${to}, ${from})`;
  const tagged = (["Tags", "AllocatedTags"] as const).map((id) => ({
    id,
    step: `flat_${id.toLowerCase()}`,
    sql: tagsSql(header, id, departures),
  }));
  for (const { id, step } of tagged) columns[id] = step;

  return {
    inputs: { ...focusInputs(departures, formats), ...departures.inputs, ...own.inputs },
    ...(departures.families === undefined ? {} : { families: departures.families }),
    steps: { ...Object.fromEntries(tagged.map(({ step, sql }) => [step, sql])), ...departures.steps },
    rawCost: columns.BilledCost!,
    rejected: [
      {
        when: `ChargeCategory IS NOT NULL AND ${spelled("ChargeCategory", "ChargeCategory")} NOT IN ('Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment')`,
        reason: "'ChargeCategory \"' || ChargeCategory || '\" is none of Usage, Purchase, Tax, Credit and Adjustment.'",
      },
    ],
    bridge: [
      ...(departures.repairs ?? []),
      {
        rule: "spelling-repaired",
        when: isMisspelled(present),
        about: "A value is written in another way than FOCUS spells it, such as Usage-based; no cost moves.",
      },
    ],
    columns: { ...columns, ...departures.columns },
    extras: { ...unreadableTags(tagged), ...own.extras, ...departures.extras },
    notes: [
      ...versionNotes([...names], version, migrations),
      ...writingNotes(formats, money),
      ...(departures.notes ?? []),
    ],
  };
}

function presentColumns(header: BillHeader, departures: Departures): Set<string> {
  const names = new Set(canonicalNames(header));
  const lower = new Set([...names].map((name) => name.toLowerCase()));
  for (const [id, others] of Object.entries(departures.renamed ?? {}))
    if (others.some((other) => lower.has(other.toLowerCase()))) names.add(id);
  return names;
}

function focusInputs(departures: Departures, formats: readonly string[]): Record<string, InputColumn> {
  return Object.fromEntries(
    focusColumns.map(({ id, type }) => {
      const previous = columnMigrations
        .filter(({ from, to }) => to === id && !isFocusColumnId(from))
        .map(({ from }) => from);
      return [
        id,
        {
          names: [id, ...(departures.renamed?.[id] ?? []), ...previous],
          kind: kinds[type],
          required: required.includes(id),
          ...(type === "string" || type === "datetime" ? { assume: id } : {}),
          ...(type === "datetime" && formats.length > 0 ? { formats } : {}),
        },
      ];
    }),
  );
}

/** Columns that FOCUS does not know. An `x_` column that also fills one of FOCUS stays one. */
function ownColumns(header: BillHeader, departures: Departures): KeptColumns {
  const renamed = Object.values(departures.renamed ?? {})
    .flat()
    .filter((name) => !name.startsWith("x_"));
  const translated = new Set(
    [...renamed, ...columnMigrations.map(({ from }) => from)].map((name) => name.toLowerCase()),
  );
  const gathered = Object.values(departures.families ?? {}).map(({ prefix }) => prefix.toLowerCase());
  return keepColumns(header.columns, (name) => {
    const lower = name.toLowerCase();
    return (
      !isFocusColumnId(canonicalName(name)) &&
      !translated.has(lower) &&
      !gathered.some((prefix) => lower.startsWith(prefix))
    );
  });
}

function tagsSql(header: BillHeader, id: "Tags" | "AllocatedTags", departures: Departures): string {
  // A parquet map becomes a JSON object by itself, so that its text needs no look.
  if (header.columns.some(({ name, type }) => canonicalName(name) === id && type.startsWith("MAP("))) return id;
  return id === "Tags" && departures.tags !== undefined ? departures.tags : flatTags(id);
}

function unreadableTags(tagged: readonly { id: string; step: string }[]): Record<string, string> {
  return Object.fromEntries(tagged.map(({ id, step }) => [`x_${id}`, `CASE WHEN ${step} IS NULL THEN ${id} END`]));
}

function versionNotes(
  names: readonly string[],
  version: FocusVersion,
  migrations: ReturnType<typeof migrationsFor>,
): string[] {
  const derived = migrations
    .filter(({ certainty }) => certainty === "derived")
    .map(({ from, to, meaning }) => `${to} is taken from ${from}: ${meaning}`);
  const filled = new Set<string>(migrations.map(({ to }) => to));
  const missing = columnsOfVersion(version).filter(
    ({ id, level }) => level === "mandatory" && !names.includes(id) && !filled.has(id) && !required.includes(id),
  );
  const unknown = missing.map(({ id }) => id).join(", ");
  return [
    `Read as FOCUS ${version}.`,
    ...derived,
    ...(missing.length === 0
      ? []
      : [
          `The file lacks ${unknown}, which FOCUS ${version} makes mandatory; unless assumed, they are unknown on every row.`,
        ]),
  ];
}

function writingNotes(formats: readonly string[], money: boolean): string[] {
  return [
    ...(formats.length === 0
      ? []
      : [
          `Dates are not written as FOCUS asks; they are read as ${formats[0] === "%m/%d/%y" ? "month/day/year" : "day/month/year"}, because billing periods begin on the first.`,
        ]),
    ...(money ? ["Amounts are written with dollar signs and thousands commas, which were taken off."] : []),
  ];
}
