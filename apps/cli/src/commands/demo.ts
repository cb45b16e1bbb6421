import { generateBills } from "@finops/bills/generate-bills";
import { AppError } from "@finops/kernel/app-error";
import { systemClock } from "@finops/kernel/clock";
import { Command } from "commander";

interface Options {
  rows: string;
  seed: string;
  out: string;
  months: string;
  end?: string;
}

export function demoCommand(): Command {
  return new Command("demo")
    .description("Write the bills of an invented company in the formats of its providers, with the truth beside them.")
    .option("--rows <count>", "rows over all files", "300000")
    .option("--seed <seed>", "the same seed gives the same bills", "7")
    .requiredOption("--out <folder>", "new or empty folder")
    .option("--months <count>", "how many months", "14")
    .option("--end <month>", "last month, or the last billed day")
    .action(async ({ rows, seed, out, months, end }: Options) => {
      if (!/^\d+$/.test(rows)) throw new AppError("invalid", `--rows takes a whole number, not "${rows}".`);
      const truth = await generateBills({
        rows: Number(rows),
        seed,
        outDir: out,
        months: Number(months),
        endMonth: end ?? systemClock.today(),
        onProgress: ({ rowsWritten, rowsWanted }) =>
          process.stderr.isTTY &&
          process.stderr.write(
            `\r\u001b[K${Math.round((100 * rowsWritten) / rowsWanted)} %, ${rowsWritten.toLocaleString("en")} rows`,
          ),
      });
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
      process.stdout.write(`${JSON.stringify({ out, rows: truth.rows })}\n`);
    });
}
