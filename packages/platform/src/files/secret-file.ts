import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";

/** Writes a file that only we may read, whole or not at all. */
export function writeSecretFile(path: string, content: string): void {
  const draft = `${path}.draft`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

export function readSecretFile(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
