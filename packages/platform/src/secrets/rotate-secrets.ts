import type { InstallationVault } from "./envelope-vault.ts";
import { newMasterKey, readMasterKeys, writeMasterKeys } from "./master-keys.ts";

export interface Rotation {
  /** How many data keys were sealed under another master key before. */
  rewrapped: number;
  source: "environment" | "file";
}

interface RotationParts {
  vault: InstallationVault;
  env: NodeJS.ProcessEnv;
  dataDir: string;
  /** Gives the vault other master keys. */
  take(keys: readonly Uint8Array[]): void;
}

/**
 * Seals all data keys under another master key. Keys of the environment are the operator's: the first one is taken. A file gets a
 * new key first, and loses the old ones when nothing is sealed under them any more; a crash in between leaves all of them.
 */
export async function rotateSecrets({ vault, env, dataDir, take }: RotationParts): Promise<Rotation> {
  if ((env["FINOPS_MASTER_KEY"] ?? "") !== "") return { rewrapped: await vault.rewrap(), source: "environment" };
  const fresh = newMasterKey();
  const keys = [fresh, ...readMasterKeys(env, dataDir)];
  writeMasterKeys(dataDir, keys);
  take(keys);
  const rewrapped = await vault.rewrap();
  writeMasterKeys(dataDir, [fresh]);
  take([fresh]);
  return { rewrapped, source: "file" };
}
