export interface DiffLine {
  /** `role.key`, from the entry's own words. */
  path: string;
  /** Null is not there. */
  before: string | null;
  after: string | null;
  change: "added" | "removed" | "changed" | "same";
}

/**
 * What is different between two values of JSON, a line for each field in the order in which they stand. Lists of plain values
 * are compared as sets: what came and what went has a line each.
 */
export function diffValues(before: unknown, after: unknown): DiffLine[] {
  const [old, next] = [flatten(before), flatten(after)];
  const paths = [...new Set([...next.keys(), ...old.keys()])];
  return paths.flatMap((path) => {
    const [a, b] = [old.get(path), next.get(path)];
    if (Array.isArray(a) || Array.isArray(b)) return diffLists(path, listOf(a), listOf(b));
    return [lineOf(path, a ?? null, b ?? null)];
  });
}

function diffLists(path: string, before: readonly string[], after: readonly string[]): DiffLine[] {
  const all = [...new Set([...before, ...after])];
  return all.map((value) => lineOf(path, before.includes(value) ? value : null, after.includes(value) ? value : null));
}

function lineOf(path: string, before: string | null, after: string | null): DiffLine {
  const change = before === after ? "same" : before === null ? "added" : after === null ? "removed" : "changed";
  return { path, before, after, change };
}

/** Every plain value by its path; a list of plain values stays a list. */
function flatten(value: unknown, path = "", found = new Map<string, string | string[]>()) {
  if (value === undefined || (value === null && path === "")) return found;
  if (Array.isArray(value)) {
    if (value.every(isPlain)) found.set(path, value.map(textOf));
    else value.forEach((one, index) => flatten(one, `${path}[${index + 1}]`, found));
  } else if (typeof value === "object" && value !== null) {
    for (const [name, one] of Object.entries(value)) flatten(one, path === "" ? name : `${path}.${name}`, found);
  } else found.set(path, textOf(value));
  return found;
}

function listOf(value: string | string[] | undefined): readonly string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function textOf(value: unknown): string {
  return value === null ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
}
