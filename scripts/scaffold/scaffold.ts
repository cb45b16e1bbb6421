import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What `pnpm new` writes: new files, changes of files that are there, and what is left for the person. */
export interface Scaffold {
  files: Record<string, string>;
  edits: { path: string; after: RegExp; insert: string }[];
  next: string[];
}

/** A sentence for the person who ran the command. */
export class ScaffoldError extends Error {}

export function checkName(name: string | undefined): string {
  if (name !== undefined && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return name;
  throw new ScaffoldError(`"${name ?? ""}" is not a name. Write it in kebab-case, such as unit-costs.`);
}

/** Writes a scaffold below `root`. Nothing is written where a file is there already or an edit finds no place. */
export function writeScaffold(root: string, { files, edits }: Scaffold): string[] {
  const there = Object.keys(files).find((path) => existsSync(join(root, path)));
  if (there !== undefined) throw new ScaffoldError(`${there} is there already; nothing was written.`);
  const written = new Map(Object.entries(files));
  for (const { path, after, insert } of edits) {
    const text = written.get(path) ?? readFileSync(join(root, path), "utf8");
    if (!after.test(text)) throw new ScaffoldError(`${path} has no place for the new line; nothing was written.`);
    written.set(
      path,
      text.replace(after, (found) => found + insert),
    );
  }
  for (const [path, text] of written) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return [...written.keys()];
}

/** `unit-costs` → `unitCosts`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** `unit-costs` → `UnitCosts`. */
export function pascalCase(name: string): string {
  return camelCase(`-${name}`);
}

/** `unit-costs` → `Unit costs`. */
export function words(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll("-", " ")}`;
}
