import { runServer } from "@finops/server/run-server";
import { Command } from "commander";
import { globalsOf } from "../globals.ts";

export function startCommand(): Command {
  return new Command("start")
    .description("Start the platform on this machine: API, web app and imports, on embedded parts.")
    .option("--port <port>", "port to listen on", process.env.PORT ?? "3000")
    .action(async ({ port }: { port: string }, command: Command) =>
      runServer({ port: Number(port), dataDir: globalsOf(command).data }),
    );
}
