import type { CostAnswer, CostQueryInput } from "@finops/capabilities/costs/contract";
import { AppError } from "@finops/kernel/app-error";
import { parsePeriod } from "@finops/kernel/period";
import { getDimension } from "@finops/warehouse/model/dimensions";
import { findMeasure, type MeasureId, measureIds } from "@finops/warehouse/model/measures";
import { parseFilterText } from "@finops/warehouse/query/parse-filter-text";
import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";
import { printTable, toCsv } from "../table.ts";

interface Options {
  tenant: string;
  measures: string;
  by: string;
  from: string;
  to: string;
  basis: "charge" | "billing";
  grain?: "hour" | "day" | "week" | "month" | "quarter" | "year";
  filter?: string;
  top?: string;
  compare?: "previous-period" | "previous-year";
  asOf?: string;
  limit: string;
  cursor?: string;
  share?: boolean;
  runningTotal?: boolean;
  format: "json" | "csv" | "table";
}

export function queryCommand(): Command {
  return new Command("query")
    .description("Costs by any measure, dimension and period; every figure exact.")
    .requiredOption("--tenant <slug>", "company")
    .option("--measures <names>", `comma-separated: ${measureIds.join(", ")}`, "billedCost,effectiveCost")
    .option("--by <names>", "dimensions, comma-separated: any FOCUS column, tag:NAME, month, …", "")
    .requiredOption("--from <day>", "first day, such as 2026-10-01 or 2026-10")
    .requiredOption("--to <day>", "day after the last one")
    .option("--basis <basis>", "charge: by day of the charge; billing: by billing period", "charge")
    .option("--grain <grain>", "hour, day, week, month, quarter or year")
    .option("--filter <expression>", `such as: serviceName = 'Amazon EC2' and tag:team in ('web', 'data')`)
    .option("--top <count>", "keep so many groups; the rest is (other)")
    .option("--compare <what>", "previous-period or previous-year")
    .option("--as-of <day>", "what was known at the end of that day")
    .option("--share", "add shares of the total")
    .option("--running-total", "add running totals")
    .option("--limit <rows>", "rows of a page", "100000")
    .option("--cursor <cursor>", "next page")
    .option("--format <format>", "json, csv or table", "table")
    .option("--json", "the same as --format json")
    .action(async (options: Options & { json?: boolean }, command: Command) => {
      // Before anything is started for it: a question that makes no sense costs nothing.
      const query = toQuery(options);
      const answer = await withPlatform(globalsOf(command), "finops query", (platform) =>
        platform.query(options.tenant, query),
      );
      const format = options.json === true ? "json" : options.format;
      if (format === "json") process.stdout.write(`${JSON.stringify({ ...answer, rows: flatRows(answer) })}\n`);
      else if (format === "csv") process.stdout.write(toCsv(flatRows(answer)));
      else printTable(flatRows(answer), answer);
    });
}

function toQuery(options: Options): CostQueryInput {
  return {
    measures: listOf(options.measures).map(measureOf) as [MeasureId, ...MeasureId[]],
    groupBy: listOf(options.by).map((name) => getDimension(name).name),
    period: parsePeriod(options.from, options.to),
    basis: options.basis,
    limit: Number(options.limit),
    ...(options.grain === undefined ? {} : { grain: options.grain }),
    ...(options.filter === undefined ? {} : { filter: parseFilterText(options.filter) }),
    ...(options.top === undefined ? {} : { top: { count: Number(options.top) } }),
    ...(options.compare === undefined ? {} : { compare: options.compare }),
    ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
    ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
    share: options.share === true,
    runningTotal: options.runningTotal === true,
  };
}

function measureOf(name: string): MeasureId {
  const found = findMeasure(name);
  if (found === null)
    throw new AppError("invalid", `There is no measure "${name}". Known are ${measureIds.join(", ")}.`);
  return found;
}

/** One flat object per row: the dimensions, then `time`, `currency` and the figures; a missing figure is null. */
function flatRows(answer: CostAnswer): Record<string, string | null>[] {
  return answer.rows.map((row) => ({
    ...(row.isOther ? Object.fromEntries(Object.keys(row.key).map((key) => [key, "(other)"])) : row.key),
    ...(row.time === null ? {} : { time: row.time }),
    currency: row.currency,
    ...figures(row.values, ""),
    ...figures(row.comparison, "comparison."),
    ...figures(row.runningTotal, "runningTotal."),
    ...figures(row.share, "share."),
  }));
}

function figures(
  values: CostAnswer["rows"][number]["values"] | undefined,
  prefix: string,
): Record<string, string | null> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, figure]) => [`${prefix}${name}`, figure.value]));
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
