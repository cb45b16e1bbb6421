import type { AuditSealing, AuditVerification } from "@finops/capabilities/audit/contract";
import { errorStatus } from "@finops/kernel/app-error";
import { parseDay } from "@finops/kernel/period";
import { Command } from "commander";
import { ExitStatus } from "../exit-status.ts";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

interface Options {
  tenant: string;
  json?: boolean;
}

export function auditCommand(): Command {
  return new Command("audit")
    .description("The audit of a company: whether it is whole, and putting its old part away.")
    .addCommand(verifyCommand())
    .addCommand(sealCommand());
}

function verifyCommand(): Command {
  return new Command("verify")
    .description("Walk the chain of hashes; ends with exit code 5 when an entry does not fit.")
    .requiredOption("--tenant <slug>", "company")
    .option("--json", "one JSON object")
    .action(async ({ tenant, json }: Options, command: Command) => {
      const found = await withPlatform(globalsOf(command), "finops audit verify", (platform) =>
        platform.verifyAudit(tenant),
      );
      process.stdout.write(json === true ? `${JSON.stringify(found)}\n` : toldVerification(found));
      if (found.fault !== null) throw new ExitStatus(errorStatus.precondition.exit);
    });
}

function sealCommand(): Command {
  return new Command("seal")
    .description(
      "Put entries from before a day into files of the store and drop them from the database; the chain stays whole.",
    )
    .requiredOption("--tenant <slug>", "company")
    .requiredOption("--before <day>", "first day (UTC) that stays, such as 2026-01-01")
    .option("--json", "one JSON object")
    .action(async ({ tenant, before, json }: Options & { before: string }, command: Command) => {
      const day = parseDay(before);
      const sealed = await withPlatform(globalsOf(command), "finops audit seal", (platform) =>
        platform.sealAudit(tenant, day),
      );
      process.stdout.write(json === true ? `${JSON.stringify(sealed)}\n` : toldSealing(sealed, day));
    });
}

function toldVerification({ entries, sealed, headHash, fault }: AuditVerification): string {
  const count = `${entries} entries${sealed === 0 ? "" : `, ${sealed} of them in files`}`;
  if (fault !== null) return `The audit is not whole. ${fault.sentence}\nEntries before it fit; ${count} in all.\n`;
  return `The audit is whole: ${count}.\nHash of the newest: ${headHash}\nKeep it elsewhere to prove later that nothing up to here was changed.\n`;
}

function toldSealing({ segments }: AuditSealing, before: string): string {
  if (segments.length === 0) return `Nothing to seal: no entry from before ${before} is left in the database.\n`;
  return segments
    .map(({ first, last, file, sha256 }) => `Entries ${first} to ${last} are in ${file}\n  sha256 ${sha256}\n`)
    .join("");
}
