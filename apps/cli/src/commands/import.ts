import { readFile } from "node:fs/promises";
import type { ImportReport } from "@finops/capabilities/sources/contract";
import { AppError } from "@finops/kernel/app-error";
import { listBillFiles } from "@finops/pipeline/landing/list-bill-files";
import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";
import { watchProgress } from "../progress.ts";
import { joinReports, printReport } from "../report.ts";

interface Options {
  tenant: string;
  createTenant?: boolean;
  source?: string;
  sourceName?: string;
  assume: Record<string, string>;
  mapping?: string;
  takesOver?: string;
  from?: string;
  json?: boolean;
}

export function importCommand(): Command {
  return new Command("import")
    .description(
      "Import bills: files, folders, whole deliveries. The same content again changes nothing; a restated month replaces the month.",
    )
    .argument("<path...>", "files or folders")
    .requiredOption("--tenant <slug>", "company")
    .option("--create-tenant", "make the company when there is none of that slug")
    .option("--source <kind>", "format or provider (aws, azure, aws-cur-2, …) where detection shall not decide")
    .option("--source-name <name>", "source to import into, where the account shall not decide")
    .option(
      "--assume <column=value>",
      "value for a column that the bill lacks, such as BillingCurrency=USD",
      collectAssumptions,
      {},
    )
    .option("--mapping <file>", "JSON file that maps the columns of a CSV of your own")
    .option("--takes-over <source>", "this source replaces another one that has the same accounts, with --from")
    .option("--from <day>", "first day of the takeover")
    .option("--json", "end with one JSON object on one line")
    .action(async (paths: string[], options: Options, command: Command) => {
      const files = await listBillFiles(paths);
      const definition =
        options.mapping === undefined
          ? undefined
          : (JSON.parse(await readFile(options.mapping, "utf8")) as Record<string, unknown>);
      if ((options.takesOver === undefined) !== (options.from === undefined))
        throw new AppError("invalid", "--takes-over and --from go together.");
      const importOptions = {
        assume: options.assume,
        ...(options.source === undefined ? {} : { format: options.source }),
        ...(options.sourceName === undefined ? {} : { sourceName: options.sourceName }),
        ...(definition === undefined ? {} : { definition }),
        ...(options.takesOver === undefined ? {} : { takesOver: { source: options.takesOver, from: options.from! } }),
      };
      const watch = watchProgress();
      try {
        const reports: ImportReport[] = await withPlatform(globalsOf(command), "finops import", (platform) =>
          platform.importBills(
            options.tenant,
            { files, options: importOptions, createTenant: options.createTenant === true },
            watch,
          ),
        );
        watch.end();
        if (options.json === true) process.stdout.write(`${JSON.stringify(joinReports(reports))}\n`);
        else for (const report of reports) printReport(report);
      } finally {
        watch.end();
      }
    });
}

function collectAssumptions(text: string, known: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1)
    throw new AppError("invalid", `Write an assumption as COLUMN=VALUE, such as BillingCurrency=USD, not "${text}".`);
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}
