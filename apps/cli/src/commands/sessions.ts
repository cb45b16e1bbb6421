import type { Session } from "@finops/capabilities/sessions/contract";
import { AppError } from "@finops/kernel/app-error";
import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

export function sessionsCommand(): Command {
  return new Command("sessions")
    .description("Where people of a company are signed in, and ending it.")
    .addCommand(listCommand())
    .addCommand(endCommand());
}

function listCommand(): Command {
  return new Command("list")
    .description("List the sessions that go on, the newest first.")
    .requiredOption("--tenant <slug>", "company")
    .option("--json", "one JSON object")
    .action(async ({ tenant, json }: { tenant: string; json?: boolean }, command: Command) => {
      const found = await withPlatform(globalsOf(command), "finops sessions list", (platform) =>
        platform.listSessions(tenant),
      );
      process.stdout.write(json === true ? `${JSON.stringify(found)}\n` : `${told(found.sessions)}\n`);
    });
}

function endCommand(): Command {
  return new Command("end")
    .description("End one session, or those of everybody in the company.")
    .requiredOption("--tenant <slug>", "company")
    .option("--session <id>", "the session")
    .option("--everyone", "all sessions of the company")
    .action(
      async (
        { tenant, session, everyone }: { tenant: string; session?: string; everyone?: boolean },
        command: Command,
      ) => {
        if ((session === undefined) === (everyone !== true))
          throw new AppError("invalid", "Name one session with --session <id>, or all with --everyone.");
        const ended = await withPlatform(globalsOf(command), "finops sessions end", (platform) =>
          platform.endSessions(tenant, session ?? "everyone"),
        );
        process.stdout.write(`${ended} ${ended === 1 ? "session is" : "sessions are"} over.\n`);
      },
    );
}

function told(sessions: readonly Session[]): string {
  if (sessions.length === 0) return "Nobody is signed in.";
  return sessions
    .map(
      ({ id, user, method, address, lastSeenAt }) =>
        `${id}  ${user.email}  by ${method} from ${address ?? "an unknown address"}, last seen ${lastSeenAt}`,
    )
    .join("\n");
}
