import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";
import { watchProgress } from "../progress.ts";
import { joinReports, printReport } from "../report.ts";

interface Options {
  tenant: string;
  source?: string;
  json?: boolean;
}

export function reprocessCommand(): Command {
  return new Command("reprocess")
    .description("Run today's mappings over the bills that landed earlier.")
    .requiredOption("--tenant <slug>", "company")
    .option("--source <key>", "one source only")
    .option("--json", "end with one JSON object on one line")
    .action(async (options: Options, command: Command) => {
      const watch = watchProgress();
      try {
        const reports = await withPlatform(globalsOf(command), "finops reprocess", (platform) =>
          platform.reprocess(options.tenant, options.source === undefined ? {} : { source: options.source }, watch),
        );
        watch.end();
        if (options.json === true) process.stdout.write(`${JSON.stringify(joinReports(reports))}\n`);
        else for (const report of reports) printReport(report);
      } finally {
        watch.end();
      }
    });
}
