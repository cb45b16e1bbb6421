import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

export function networkCommand(): Command {
  const open = new Command("open")
    .description(
      "Let a company's people and keys in from everywhere again, such as after its owner shut themselves out.",
    )
    .requiredOption("--tenant <slug>", "company")
    .action(async ({ tenant }: { tenant: string }, command: Command) => {
      await withPlatform(globalsOf(command), "finops network open", (platform) => platform.openNetwork(tenant));
      process.stdout.write(`Everybody of ${tenant} is let in from everywhere. It stands in the audit.\n`);
    });
  return new Command("network").description("From which addresses a company lets people and keys in.").addCommand(open);
}
