import { AppError } from "@finops/kernel/app-error";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPaths } from "@finops/server/paths";
import { Command } from "commander";
import { ExitStatus } from "../exit-status.ts";

export function benchCommand(): Command {
  return new Command("bench")
    .description("Measure imports and queries on this machine (in a source checkout).")
    .option("--only <name>", "one bench")
    .option("--rows <count>", "rows to measure with")
    .option("--json", "one array of {name, value, unit, goal, pass}")
    .action(async (_options: unknown, command: Command) => {
      const script = join(findPaths().root, "scripts/bench/main.ts");
      if (!existsSync(script)) throw new AppError("precondition", "The benches are part of a source checkout.");
      const args = command.parent!.args.slice(1);
      const child = spawn(process.execPath, ["--import", "tsx", script, ...args], {
        stdio: "inherit",
        cwd: findPaths().root,
      });
      const code = await new Promise<number>((done) => child.on("close", (status) => done(status ?? 1)));
      if (code !== 0) throw new ExitStatus(code);
    });
}
