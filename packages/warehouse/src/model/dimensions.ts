import { AppError } from "@finops/kernel/app-error";
import { type FocusColumnId, focusColumns } from "@finops/focus/columns";
import { comboColumns, factTextColumns, hotColumns, lakeType } from "../tables/cost-columns.ts";

/** Where a dimension's value comes from. `day` parts can be had from a rollup by day, `hour` only from the facts. */
export type Dimension =
  | { name: string; label: string; source: "column"; column: FocusColumnId; families?: readonly Family[] }
  | { name: string; label: string; source: "tag"; key: string }
  | { name: string; label: string; source: "extra"; key: string }
  | { name: string; label: string; source: "time"; part: "hour" | "day" | "week" | "month" | "quarter" | "year" }
  | { name: string; label: string; source: "file" }
  | { name: string; label: string; source: "tagKeys" };

/** Values of a column, in lower case, that stand for one thing. A value of no family stands for itself. */
export interface Family {
  name: string;
  values: readonly string[];
}

/** A cloud writes its name differently from one export to the next, and its marketplace and subsidiaries do again. */
const providerFamilies: readonly Family[] = [
  {
    name: "AWS",
    values: ["aws", "amazon", "amazon web services", "amazon web services, inc.", "amazon web services emea sarl"],
  },
  { name: "Azure", values: ["azure", "microsoft", "microsoft azure", "microsoft corporation"] },
  { name: "Google Cloud", values: ["gcp", "google", "google cloud", "google cloud platform"] },
  { name: "OCI", values: ["oci", "oracle", "oracle cloud", "oracle cloud infrastructure"] },
  { name: "Alibaba Cloud", values: ["alibaba", "alibaba cloud", "aliyun"] },
  { name: "Tencent Cloud", values: ["tencent", "tencent cloud"] },
  { name: "Huawei Cloud", values: ["huawei", "huawei cloud"] },
];

/**
 * The tables of a period: its charges, and rollups of them by combination (of all columns but amounts, times and resources) and by
 * the columns that dashboards use, each by day and for the month as a whole.
 */
export type CostTable = "rollup_month" | "rollup_month_combo" | "rollup_day" | "rollup_combo" | "facts";

export const smallestFirst: readonly CostTable[] = [
  "rollup_month",
  "rollup_month_combo",
  "rollup_day",
  "rollup_combo",
  "facts",
];
/** Those that tell days apart. */
export const tablesOfDays: readonly CostTable[] = ["rollup_day", "rollup_combo", "facts"];
/** Those that know combinations, of which the rollups hold the number alone. */
export const tablesOfCombos: readonly CostTable[] = ["rollup_month_combo", "rollup_combo", "facts"];

const timeParts = ["hour", "day", "week", "month", "quarter", "year"] as const;

/** FOCUS columns that can be grouped by: all but the decimals that are summed, and the bounds of the charge, which `day` and `hour` give. */
const columnDimensions: readonly Dimension[] = focusColumns
  .filter((column) => lakeType(column.id) === "VARCHAR")
  .map((column) => ({ name: lowerFirst(column.id), label: spaced(column.id), source: "column", column: column.id }));

const timeDimensions: readonly Dimension[] = timeParts.map((part) => ({
  name: part,
  label: part[0]!.toUpperCase() + part.slice(1),
  source: "time",
  part,
}));

export const fixedDimensions: readonly Dimension[] = [
  ...columnDimensions,
  ...timeDimensions,
  { name: "billingPeriod", label: "Billing period", source: "column", column: "BillingPeriodStart" },
  {
    name: "providerFamily",
    label: "Provider family",
    source: "column",
    column: "ProviderName",
    families: providerFamilies,
  },
  { name: "billFile", label: "Bill file", source: "file" },
];

/** The keys of a charge's tags, of which it may have many: only for listing them, as groups by it would count a charge twice. */
export const tagKeyDimension: Dimension = { name: "tagKey", label: "Tag key", source: "tagKeys" };

const fixedByName = new Map(fixedDimensions.map((dimension) => [dimension.name.toLowerCase(), dimension]));

/**
 * The dimension of that name. FOCUS columns are found in any case and with or without underscores; `tag:team` is a tag,
 * `x_Foo` a column of the source. Throws `invalid` with the nearest names.
 */
export function getDimension(name: string): Dimension {
  const tag = /^tags?[:/.](.+)$/s.exec(name);
  if (tag !== null) return { name: `tag:${tag[1]}`, label: `Tag ${tag[1]}`, source: "tag", key: tag[1]! };
  if (name.startsWith("x_")) return { name, label: name, source: "extra", key: name };
  const plain = name.toLowerCase().replaceAll("_", "");
  const found = fixedByName.get(aliases[plain] ?? plain);
  if (found !== undefined) return found;
  const near = fixedDimensions
    .filter((dimension) => dimension.name.toLowerCase().includes(plain.slice(0, 5)))
    .map((dimension) => dimension.name);
  throw new AppError(
    "invalid",
    `There is no dimension "${name.slice(0, 60)}".${near.length > 0 ? ` Did you mean ${near.slice(0, 4).join(", ")}?` : ""} Tags are written tag:NAME.`,
  );
}

/** The tables that can answer for a dimension. */
export function tablesOf(dimension: Dimension): readonly CostTable[] {
  if (dimension.source === "tag" || dimension.source === "tagKeys") return tablesOfCombos;
  if (dimension.source === "time") return dimension.part === "hour" ? ["facts"] : tablesOfDays;
  if (dimension.source !== "column") return ["facts"];
  return tablesOfColumn(dimension.column);
}

export function tablesOfColumn(column: FocusColumnId): readonly CostTable[] {
  if (column === "BillingPeriodStart") return smallestFirst;
  if ((hotColumns as readonly FocusColumnId[]).includes(column)) return smallestFirst;
  if (factTextColumns.includes(column)) return ["facts"];
  return comboColumns.includes(column) ? tablesOfCombos : ["facts"];
}

const aliases: Record<string, string> = {
  service: "servicename",
  account: "subaccountid",
  provider: "providername",
  region: "regionid",
  category: "servicecategory",
  resource: "resourceid",
  currency: "billingcurrency",
  invoice: "invoiceid",
};

function lowerFirst(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}

function spaced(id: string): string {
  const words = id.replaceAll(/([a-z])([A-Z])/g, "$1 $2");
  return (
    words[0]! +
    words
      .slice(1)
      .toLowerCase()
      .replace(/\bid\b/, "ID")
      .replace(/\bsku\b/, "SKU")
  );
}
