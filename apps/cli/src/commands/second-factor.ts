import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

export function secondFactorCommand(): Command {
  const reset = new Command("reset")
    .description("Take away the apps, passkeys and recovery codes of somebody who lost them, and end their sessions.")
    .requiredOption("--tenant <slug>", "company")
    .requiredOption("--person <email>", "their e-mail address")
    .action(async ({ tenant, person }: { tenant: string; person: string }, command: Command) => {
      await withPlatform(globalsOf(command), "finops second-factor reset", (platform) =>
        platform.resetSecondFactor(tenant, person),
      );
      process.stdout.write(
        `${person} signs in without a second factor, and adds a new one. They got a mail, and it stands in the audit.\n`,
      );
    });
  return new Command("second-factor")
    .description("What people show besides their way in: for its operator, when a company's only owner lost theirs.")
    .addCommand(reset);
}
