import type { CompanySummary } from "@finops/capabilities/companies/contract";
import { AppError } from "@finops/kernel/app-error";
import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

interface Json {
  json?: boolean;
}

export function companyCommand(): Command {
  return new Command("company")
    .description("The companies of this installation: for its operator.")
    .addCommand(listCommand())
    .addCommand(createCommand())
    .addCommand(suspendCommand())
    .addCommand(resumeCommand())
    .addCommand(deleteCommand());
}

function listCommand(): Command {
  return new Command("list")
    .description("List the companies with their state.")
    .option("--json", "one JSON object")
    .action(async ({ json }: Json, command: Command) => {
      const companies = await withPlatform(globalsOf(command), "finops company list", (platform) =>
        platform.listCompanies(),
      );
      process.stdout.write(json === true ? `${JSON.stringify({ companies })}\n` : toldList(companies));
    });
}

interface CreateOptions extends Json {
  name?: string;
  currency?: string;
  fiscalYearStart?: string;
  timeZone?: string;
  owner?: string;
}

function createCommand(): Command {
  return new Command("create")
    .description("Make a company.")
    .argument("<subdomain>", "lower-case letters, digits and hyphens, such as acme")
    .option("--name <name>", "what it is called; its subdomain when left out")
    .option("--currency <code>", "ISO 4217 code", "USD")
    .option("--fiscal-year-start <month>", "month 1 to 12", "1")
    .option("--time-zone <name>", "such as Europe/Berlin", "UTC")
    .option("--owner <email>", "e-mail address of its owner")
    .option("--json", "one JSON object")
    .action(async (subdomain: string, options: CreateOptions, command: Command) => {
      const { name = subdomain, currency, fiscalYearStart = "1", timeZone, owner, json } = options;
      const wish = {
        subdomain,
        name,
        currency,
        fiscalYearStart: Number(fiscalYearStart),
        timeZone,
        ...(owner === undefined ? {} : { owner }),
      };
      const made = await withPlatform(globalsOf(command), "finops company create", (platform) =>
        platform.createCompany(wish),
      );
      process.stdout.write(
        json === true
          ? `${JSON.stringify(made)}\n`
          : `${made.name} is made. \`finops link --tenant ${made.subdomain}\` signs an owner in.\n`,
      );
    });
}

function suspendCommand(): Command {
  return new Command("suspend")
    .description("Make a company read-only, or lock it for all but its owners, who can take its data along.")
    .argument("<subdomain>", "company")
    .option("--lock", "lock it instead")
    .requiredOption("--reason <text>", "what its people are told")
    .option("--json", "one JSON object")
    .action(async (subdomain: string, options: Json & { lock?: boolean; reason: string }, command: Command) => {
      const { lock, reason, json } = options;
      const state = lock === true ? "locked" : "read-only";
      const company = await withPlatform(globalsOf(command), "finops company suspend", (platform) =>
        platform.setCompanyState(subdomain, { state, reason }),
      );
      process.stdout.write(json === true ? `${JSON.stringify(company)}\n` : `${company.name} is ${state}.\n`);
    });
}

function resumeCommand(): Command {
  return new Command("resume")
    .description("Let a company work again, also one that was to be deleted.")
    .argument("<subdomain>", "company")
    .option("--json", "one JSON object")
    .action(async (subdomain: string, { json }: Json, command: Command) => {
      const company = await withPlatform(globalsOf(command), "finops company resume", (platform) =>
        platform.setCompanyState(subdomain, { state: "active", reason: "" }),
      );
      process.stdout.write(json === true ? `${JSON.stringify(company)}\n` : `${company.name} works again.\n`);
    });
}

function deleteCommand(): Command {
  return new Command("delete")
    .description("Delete a company in 30 days, or at once. Until then its owners can take its data along or keep it.")
    .argument("<subdomain>", "company")
    .option("--now", "at once, with all its costs and files; nothing brings them back")
    .requiredOption("--confirm <subdomain>", "its subdomain again, so that nothing is deleted by a slip")
    .option("--json", "one JSON object")
    .action(async (subdomain: string, options: Json & { now?: boolean; confirm: string }, command: Command) => {
      const { now = false, confirm, json } = options;
      if (confirm !== subdomain)
        throw new AppError("invalid", `--confirm says "${confirm}". Type ${subdomain} again to delete it.`);
      const { leavesAt } = await withPlatform(globalsOf(command), "finops company delete", (platform) =>
        platform.deleteCompany(subdomain, { now }),
      );
      if (json === true) process.stdout.write(`${JSON.stringify({ subdomain, leavesAt })}\n`);
      else
        process.stdout.write(
          leavesAt === null
            ? `${subdomain} is deleted.\n`
            : `${subdomain} is shut, and deleted on ${leavesAt.slice(0, 10)}. \`finops company resume ${subdomain}\` keeps it.\n`,
        );
    });
}

function toldList(companies: readonly CompanySummary[]): string {
  const rows = [
    ["COMPANY", "STATE", "DELETED ON", "NAME", "REASON"],
    ...companies.map(({ subdomain, name, state, leavesAt, stateReason }) => [
      subdomain,
      state,
      leavesAt?.slice(0, 10) ?? "",
      name,
      stateReason,
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
