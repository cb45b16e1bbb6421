import type { FigureRequest } from "@finops/capabilities/proof/contract";
import { AppError } from "@finops/kernel/app-error";
import { parsePeriod } from "@finops/kernel/period";
import { findMeasure, measureIds } from "@finops/warehouse/model/measures";
import { parseFilterText } from "@finops/warehouse/query/parse-filter-text";
import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

interface Options {
  tenant: string;
  measure: string;
  from: string;
  to: string;
  currency: string;
  basis: "charge" | "billing";
  filter?: string;
  asOf?: string;
  out: string;
}

export function proveCommand(): Command {
  return new Command("prove")
    .description("Write the proof of a figure: a zip that a stranger checks with plain DuckDB.")
    .requiredOption("--tenant <slug>", "company")
    .option("--measure <name>", `one of ${measureIds.join(", ")}`, "billedCost")
    .requiredOption("--from <day>", "first day, such as 2026-10-01 or 2026-10")
    .requiredOption("--to <day>", "day after the last one")
    .option("--currency <code>", "currency of the figure", "USD")
    .option("--basis <basis>", "charge: by day of the charge; billing: by billing period", "charge")
    .option("--filter <expression>", `such as: serviceName = 'Amazon EC2' and tag:team in ('web', 'data')`)
    .option("--as-of <day>", "what was known at the end of that day")
    .requiredOption("--out <file>", "zip to write")
    .action(async (options: Options, command: Command) => {
      const figure = toFigure(options);
      await withPlatform(globalsOf(command), "finops prove", (platform) =>
        platform.prove(options.tenant, figure, options.out),
      );
      process.stdout.write(`${JSON.stringify({ out: options.out })}\n`);
    });
}

function toFigure({ measure: name, from, to, currency, basis, filter, asOf }: Options): FigureRequest {
  const measure = findMeasure(name);
  if (measure === null)
    throw new AppError("invalid", `There is no measure "${name}". Known are ${measureIds.join(", ")}.`);
  return {
    measure,
    period: parsePeriod(from, to),
    basis,
    currency,
    ...(filter === undefined ? {} : { filter: parseFilterText(filter) }),
    ...(asOf === undefined ? {} : { asOf }),
  };
}
