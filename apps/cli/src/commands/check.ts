import { checkFile } from "@finops/pipeline/check/check-file";
import type { Conformance } from "@finops/pipeline/check/conformance";
import { modelRules } from "@finops/pipeline/check/model-file";
import { Command } from "commander";

interface Options {
  rules?: string;
  corrections?: string;
  json?: boolean;
}

export function checkCommand(): Command {
  return new Command("check")
    .description("Check a FOCUS file against the rules of the specification, on the raw text.")
    .argument("<file>", "csv, csv.gz or parquet")
    .option("--rules <model>", "an official requirements model instead of our own rules")
    .option("--corrections <file>", "corrections of that model, as data")
    .option("--json", "one JSON object")
    .action(async (file: string, options: Options) => {
      const rules = options.rules === undefined ? undefined : await modelRules(options.rules, options.corrections);
      const conformance = await checkFile(file, rules === undefined ? {} : { rules });
      if (options.json === true) process.stdout.write(`${JSON.stringify(conformance)}\n`);
      else printConformance(conformance);
    });
}

function printConformance(conformance: Conformance): void {
  const failed = conformance.results.filter((result) => result.status === "failed" && result.composite !== true);
  const lines = failed.flatMap((result) => [
    `${result.ruleId}  ${result.column ?? ""}  ${result.rows} rows`,
    `  ${result.sentence}`,
    ...result.examples.map(
      (example) =>
        `  ${example.row === undefined ? "" : `row ${example.row}: `}${Object.entries(example.values)
          .map(([column, value]) => `${column}=${value ?? "(empty)"}`)
          .join(", ")}`,
    ),
  ]);
  process.stdout.write(
    `${[...lines, `FOCUS ${conformance.version}, ${conformance.ruleSet}: ${conformance.rules - conformance.failed} of ${conformance.rules} rules hold on ${conformance.rowsChecked} rows (${conformance.score} %).`].join("\n")}\n`,
  );
}
