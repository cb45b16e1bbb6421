import { AppError, errorStatus } from "@finops/kernel/app-error";
import { Command, CommanderError } from "commander";
import { auditCommand } from "./commands/audit.ts";
import { benchCommand } from "./commands/bench.ts";
import { checkCommand } from "./commands/check.ts";
import { companyCommand } from "./commands/company.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { importCommand } from "./commands/import.ts";
import { keysCommand } from "./commands/keys.ts";
import { linkCommand } from "./commands/link.ts";
import { networkCommand } from "./commands/network.ts";
import { proveCommand } from "./commands/prove.ts";
import { queryCommand } from "./commands/query.ts";
import { reprocessCommand } from "./commands/reprocess.ts";
import { secondFactorCommand } from "./commands/second-factor.ts";
import { sessionsCommand } from "./commands/sessions.ts";
import { secretsCommand } from "./commands/secrets.ts";
import { startCommand } from "./commands/start.ts";
import { ExitStatus } from "./exit-status.ts";

const exitCodes = `
Exit codes: 0 done, 1 a defect of the program, 2 invalid input, 3 not allowed, 4 not found, 5 conflict or precondition,
6 a limit, 7 something outside failed. Errors go to stderr; with --json they are one JSON object there.`;

/** Runs one command line, without the program's own name, and returns its exit code. Results go to stdout, errors to stderr. */
export async function runFinops(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    return tellError(error, args.includes("--json"));
  }
}

function createProgram(): Command {
  const program = new Command("finops")
    .description(
      "Cloud bills in, exact answers out. Works on the data folder (FINOPS_DATA), or through a server that runs on it.",
    )
    .option("--data <folder>", "data folder", process.env.FINOPS_DATA ?? "./data")
    .option("--url <url>", "use the API of a server, with --key", process.env.FINOPS_URL)
    .option("--key <key>", "API key for --url", process.env.FINOPS_KEY)
    .addHelpText("after", exitCodes);
  for (const command of [
    startCommand,
    importCommand,
    queryCommand,
    proveCommand,
    checkCommand,
    exportCommand,
    reprocessCommand,
    demoCommand,
    linkCommand,
    companyCommand,
    auditCommand,
    sessionsCommand,
    keysCommand,
    secondFactorCommand,
    networkCommand,
    secretsCommand,
    doctorCommand,
    benchCommand,
  ])
    program.addCommand(command());
  // A wrong command line is invalid input like any other: told by us, on stderr, with exit code 2.
  for (const command of [program, ...program.commands, ...program.commands.flatMap((parent) => parent.commands)])
    command.exitOverride().configureOutput({ outputError: () => undefined });
  return program;
}

function tellError(error: unknown, asJson: boolean): number {
  if (error instanceof ExitStatus) return error.code;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // `finops` alone has printed its help by now.
    if (error.code === "commander.help") return errorStatus.invalid.exit;
    return tellError(new AppError("invalid", error.message.replace(/^error: /, "")), asJson);
  }
  const isOurs = error instanceof AppError;
  const message = isOurs ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  const code = isOurs ? error.code : "internal";
  if (asJson) process.stderr.write(`${JSON.stringify({ error: { code, message, ...(isOurs ? error.facts : {}) } })}\n`);
  else process.stderr.write(`${message}\n`);
  if (isOurs && error.internal !== undefined && process.env.FINOPS_LOG === "debug")
    process.stderr.write(`${error.internal}\n`);
  return errorStatus[code].exit;
}
