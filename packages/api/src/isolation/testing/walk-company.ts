import { isId } from "@finops/kernel/id";
import { addressOf, type ApiOperation, type Request } from "./api-operations.ts";
import { type ForeignText, textsOf } from "./foreign-text.ts";
import type { Company } from "./two-companies.ts";

export interface Walk {
  /** Every text of every answer. */
  texts: readonly ForeignText[];
  /** By operation: what in its path names something of this company. */
  ids: ReadonlyMap<string, readonly string[]>;
}

/** Of each kind of id so many are asked for: a list of many things is one shape many times. */
const idsOfKindMax = 3;

/** Reads what a company has, as a person of it does: the lists, and then things of every kind that a list names. */
export async function walkCompany(company: Company, operations: readonly ApiOperation[]): Promise<Walk> {
  const texts: ForeignText[] = [];
  const ids = new Map<string, string[]>();
  const read = async (operation: ApiOperation, request: Request) => {
    const answer = await company.send(operation.method, addressOf(operation, request), bodyOf(request));
    if (answer.status !== 200) return false;
    if (/^application\/(scim\+)?json/.test(answer.headers.get("content-type") ?? ""))
      texts.push(...textsOf(operation.name, JSON.parse(answer.text)));
    return true;
  };
  const reading = operations.filter((operation) => operation.isReading);
  for (const operation of reading.filter((one) => one.pathIds.length === 0)) {
    await read(operation, operation.request);
    // A page of one has a cursor, which holds an id.
    if (operation.slots.some((slot) => slot.where === "query cursor"))
      await read(operation, { ...operation.request, query: { ...operation.request.query, limit: "1" } });
  }
  // A list names things, and those name others: two rounds find both.
  const answered = new Map<string, boolean>();
  for (let round = 0; round < 2; round += 1) {
    const known = idsByKind(texts);
    for (const operation of operations.filter((one) => one.method === "GET" && one.pathIds.length > 0))
      for (const [first, ...more] of known) {
        const isAnswered = async (id: string) => {
          const key = `${operation.name} ${id}`;
          const before = answered.get(key);
          if (before !== undefined) return before;
          const now = await read(operation, withId(operation, id));
          answered.set(key, now);
          if (now) ids.set(operation.name, [...(ids.get(operation.name) ?? []), id]);
          return now;
        };
        // What takes one thing of a kind takes the others, and what refuses it most likely takes none of them.
        if (await isAnswered(first!)) for (const id of more) await isAnswered(id);
      }
  }
  return { texts, ids };
}

/** Ids of things, those of one kind together: what stands in the same field of the same answer. */
function idsByKind(texts: readonly ForeignText[]): string[][] {
  const byKind = new Map<string, Set<string>>();
  for (const { kind, value } of texts) {
    if (!kind.endsWith(".id") || !isId(value)) continue;
    const ids = byKind.get(kind) ?? new Set();
    byKind.set(kind, ids);
    if (ids.size < idsOfKindMax) ids.add(value);
  }
  return [...byKind.values()].map((ids) => [...ids]);
}

/** A request with an id wherever its path takes one. */
export function withId(operation: ApiOperation, id: string): Request {
  const path = Object.fromEntries(operation.pathIds.map((name) => [name, id]));
  return { ...operation.request, path: { ...operation.request.path, ...path } };
}

export function bodyOf({ body, file }: Request): { body?: unknown; file?: string } {
  return { ...(body === undefined ? {} : { body }), ...(file === undefined ? {} : { file }) };
}

/** What one company's answers say and the other's do not, each value once. */
export function foreignTexts(theirs: Walk, ours: Walk): ForeignText[] {
  const known = new Set(ours.texts.map((text) => text.value));
  const found = new Map<string, ForeignText>();
  for (const text of theirs.texts)
    if (text.value !== "" && !known.has(text.value) && !found.has(text.value)) found.set(text.value, text);
  return [...found.values()];
}

/** The values with which others are asked for: of each kind of id one, and of each other field one. */
export function chooseForeign(texts: readonly ForeignText[]): ForeignText[] {
  const chosen = new Map<string, ForeignText>();
  for (const text of texts) {
    // An amount, an instant or a statement names nothing.
    if (text.value.length > 200 || /^-?[\d.]+\d\.\d|^\d{4}-\d{2}-\d{2}|^select /i.test(text.value)) continue;
    const key = isId(text.value) ? text.kind.replace(/^.*#/, "") : text.kind.split(".").at(-1)!;
    if (!chosen.has(key)) chosen.set(key, text);
  }
  return [...chosen.values()];
}

/** Something of the same shape that nobody has. A UUID keeps its time, so that it sorts as the other does. */
export function twinOf(value: string): string {
  if (isId(value)) return `${value.slice(0, 24)}${rotated(value.slice(24, 35))}${rotated(value.slice(35))}`;
  if (/^\d{1,9}$/.test(value)) return String(Number(value) + 1_000_000_000);
  const inner = decodeCursor(value);
  if (inner !== null) return Buffer.from(JSON.stringify(inner.map(twinOf))).toString("base64url");
  return value.replaceAll(/[a-z]/g, nextLetter).replaceAll(/\d/g, nextDigit);
}

function rotated(hex: string): string {
  return hex.replaceAll(/[0-9a-f]/g, (digit) => ((parseInt(digit, 16) + 7) % 16).toString(16));
}

const nextLetter = (letter: string) => (letter === "z" ? "a" : String.fromCharCode(letter.charCodeAt(0) + 1));
const nextDigit = (digit: string) => String((Number(digit) + 5) % 10);

function decodeCursor(value: string): string[] | null {
  const text = Buffer.from(value, "base64url").toString();
  if (!text.startsWith("[")) return null;
  try {
    const parts = JSON.parse(text) as unknown;
    return Array.isArray(parts) && parts.every((part) => typeof part === "string") ? parts : null;
  } catch {
    return null;
  }
}
