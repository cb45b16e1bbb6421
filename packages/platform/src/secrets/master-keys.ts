import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { readSecretFile, writeSecretFile } from "../files/secret-file.ts";
import { keyBytes, parseMasterKeys } from "./parse-master-keys.ts";

/**
 * The master keys of an installation, the one that seals first; others only open what they sealed. From `FINOPS_MASTER_KEY` (keys
 * as base64, with commas between them), else from a file in the data folder that is made where there is none.
 * @throws precondition when the file can be read by others, invalid for what is no key
 */
export function readMasterKeys(env: NodeJS.ProcessEnv, dataDir: string): Uint8Array[] {
  const given = env["FINOPS_MASTER_KEY"] ?? "";
  if (given !== "") return parseMasterKeys(given.split(","), "FINOPS_MASTER_KEY");
  const path = masterKeyFile(dataDir);
  const text = readSecretFile(path);
  if (text === null) {
    const key = newMasterKey();
    writeMasterKeys(dataDir, [key]);
    return [key];
  }
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0)
    throw new AppError(
      "precondition",
      `Others may read ${path} (mode ${mode.toString(8)}). Run chmod 600 on it, and finops secrets rotate if somebody else could have.`,
    );
  return parseMasterKeys(text.trim().split("\n"), path);
}

export function writeMasterKeys(dataDir: string, keys: readonly Uint8Array[]): void {
  const lines = keys.map((key) => Buffer.from(key).toString("base64"));
  writeSecretFile(masterKeyFile(dataDir), `${lines.join("\n")}\n`);
}

export function newMasterKey(): Uint8Array {
  return new Uint8Array(randomBytes(keyBytes));
}

function masterKeyFile(dataDir: string): string {
  return join(dataDir, "master-keys");
}
