import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

export function linkCommand(): Command {
  return new Command("link")
    .description("Print a new sign-in link for a company's owner. It works once, within 15 minutes.")
    .option("--tenant <slug>", "company", "demo")
    .action(async ({ tenant }: { tenant: string }, command: Command) => {
      process.stdout.write(
        `${await withPlatform(globalsOf(command), "finops link", (platform) => platform.link(tenant))}\n`,
      );
    });
}
