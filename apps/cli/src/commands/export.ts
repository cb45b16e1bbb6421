import { AppError } from "@finops/kernel/app-error";
import { parsePeriod } from "@finops/kernel/period";
import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

interface Options {
  tenant: string;
  from: string;
  to: string;
  format: string;
  out: string;
}

export function exportCommand(): Command {
  return new Command("export")
    .description("Write charge rows as FOCUS 1.2, all of them, with plain exact decimals.")
    .requiredOption("--tenant <slug>", "company")
    .requiredOption("--from <day>", "first day")
    .requiredOption("--to <day>", "day after the last one")
    .option("--format <format>", "csv or parquet", "csv")
    .requiredOption("--out <file>", "file to write")
    .action(async ({ tenant, from, to, format, out }: Options, command: Command) => {
      if (format !== "csv" && format !== "parquet")
        throw new AppError("invalid", `--format is csv or parquet, not "${format}".`);
      const period = parsePeriod(from, to);
      const { rows } = await withPlatform(globalsOf(command), "finops export", (platform) =>
        platform.exportCosts(tenant, { period, format, out }),
      );
      process.stdout.write(`${JSON.stringify({ out, rows })}\n`);
    });
}
