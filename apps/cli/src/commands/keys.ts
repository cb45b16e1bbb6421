import type { Key } from "@finops/capabilities/keys/contract";
import { allPermissions, type Permission } from "@finops/platform/access/permissions";
import { AppError } from "@finops/kernel/app-error";
import { Command } from "commander";
import { globalsOf } from "../globals.ts";
import { withPlatform } from "../platform.ts";

interface Options {
  tenant: string;
  json?: boolean;
}

export function keysCommand(): Command {
  return new Command("keys")
    .description("The API keys of a company, by which programs come in.")
    .addCommand(listCommand())
    .addCommand(createCommand())
    .addCommand(revokeCommand());
}

function listCommand(): Command {
  return new Command("list")
    .description("List the keys, the newest first, also those that work no more.")
    .requiredOption("--tenant <slug>", "company")
    .option("--json", "one JSON object")
    .action(async ({ tenant, json }: Options, command: Command) => {
      const found = await withPlatform(globalsOf(command), "finops keys list", (platform) => platform.listKeys(tenant));
      process.stdout.write(json === true ? `${JSON.stringify(found)}\n` : told(found.keys));
    });
}

interface CreateOptions extends Options {
  name: string;
  permission: string[];
  account?: string;
  until?: string;
}

function createCommand(): Command {
  return new Command("create")
    .description("Make a key and print it, this once.")
    .requiredOption("--tenant <slug>", "company")
    .requiredOption("--name <name>", "what it is for")
    .option("--permission <permissions...>", "what it may do, such as costs:read", [])
    .option("--account <id>", "the service account that it is of, whose role it has as well")
    .option("--until <instant>", "when it ends, such as 2026-12-31T00:00:00Z; never when left out")
    .option("--json", "one JSON object")
    .action(async ({ tenant, name, permission, account, until, json }: CreateOptions, command: Command) => {
      const wish = {
        name,
        permissions: permission.map(readPermission),
        serviceAccountId: account ?? null,
        expiresAt: until ?? null,
      };
      const made = await withPlatform(globalsOf(command), "finops keys create", (platform) =>
        platform.createKey(tenant, wish),
      );
      process.stdout.write(json === true ? `${JSON.stringify(made)}\n` : `${made.key}\n`);
    });
}

function revokeCommand(): Command {
  return new Command("revoke")
    .description("End a key at once, and every token that was given for it.")
    .argument("<id>", "the key, as the list names it")
    .requiredOption("--tenant <slug>", "company")
    .action(async (id: string, { tenant }: Options, command: Command) => {
      await withPlatform(globalsOf(command), "finops keys revoke", (platform) => platform.revokeKey(tenant, id));
      process.stdout.write("The key lets nobody in any more.\n");
    });
}

function readPermission(text: string): Permission {
  const found = allPermissions.find((permission) => permission === text);
  if (found !== undefined) return found;
  throw new AppError("invalid", `There is no permission "${text}". There are: ${allPermissions.join(", ")}.`);
}

function told(keys: readonly Key[]): string {
  if (keys.length === 0) return "The company has no keys.\n";
  return keys
    .map(({ id, name, prefix, permissions, revokedAt, expiresAt, lastUsedAt, isTaken }) => {
      const state =
        revokedAt !== null
          ? `revoked ${revokedAt}`
          : !isTaken
            ? "not taken yet"
            : `${expiresAt === null ? "for good" : `until ${expiresAt}`}, ${lastUsedAt === null ? "never used" : `last used ${lastUsedAt}`}`;
      return `${id}  ${name}  ${prefix === "" ? "" : `${prefix}…  `}${permissions.join(",") || "as its account"}  ${state}\n`;
    })
    .join("");
}
