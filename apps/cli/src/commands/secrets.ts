import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

export function secretsCommand(): Command {
  return new Command("secrets")
    .description("The secrets that are kept sealed, such as those of providers that people sign in with.")
    .addCommand(rotateCommand());
}

function rotateCommand(): Command {
  return new Command("rotate")
    .description(
      "Seal everything under another master key: a new one of the data folder, or the first one of FINOPS_MASTER_KEY.",
    )
    .option(
      "--data-keys",
      "instead, give each company a new data key, which seals from now on; those of before only open what they sealed",
    )
    .option("--json", "one JSON object")
    .action(async ({ dataKeys, json }: { dataKeys?: boolean; json?: boolean }, command: Command) => {
      if (dataKeys === true) {
        const renewed = await withPlatform(globalsOf(command), "finops secrets rotate", (platform) =>
          platform.renewDataKeys(),
        );
        process.stdout.write(
          json === true
            ? `${JSON.stringify({ renewed })}\n`
            : `${renewed} new data keys seal from now on. Those of before still open what they sealed.\n`,
        );
        return;
      }
      const rotation = await withPlatform(globalsOf(command), "finops secrets rotate", (platform) =>
        platform.rotateSecrets(),
      );
      const { rewrapped, source } = rotation;
      const next =
        source === "file"
          ? "The key before is gone from the data folder. A copy of the database from before needs it: keep the folder's copy with it."
          : "The first key of FINOPS_MASTER_KEY is the only one that is needed now. Take the others out of it.";
      process.stdout.write(
        json === true
          ? `${JSON.stringify(rotation)}\n`
          : `${rewrapped} data keys are sealed under another master key.\n${next}\n`,
      );
    });
}
