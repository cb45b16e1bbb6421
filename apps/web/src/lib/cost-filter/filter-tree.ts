import { allOf, type CostFilter, simplifyFilter } from "@finops/capabilities/views/contract";

/**
 * A filter as the editor shows it: lines of "dimension, operator, value" in groups of which all or any hold. Two ways to say
 * the same become one; a line that is not filled in yet says nothing.
 */
export type FilterPart = FilterLine | FilterGroup;

export interface FilterLine {
  kind: "line";
  dimension: string;
  operator: Operator;
  /** Of `is` and `is-not`: any of these. Null is what the bill leaves out. */
  values: readonly (string | null)[];
  /** Of `contains` and `starts`. */
  text: string;
  /** Of `between`: from is in, to is out; empty is open. */
  from: string;
  to: string;
}

export interface FilterGroup {
  kind: "group";
  /** `none`: not any of them. */
  holds: "all" | "any" | "none";
  parts: readonly FilterPart[];
}

export const operators = [
  { id: "is", label: "is" },
  { id: "is-not", label: "is not" },
  { id: "contains", label: "contains" },
  { id: "contains-not", label: "does not contain" },
  { id: "starts", label: "starts with" },
  { id: "starts-not", label: "does not start with" },
  { id: "empty", label: "is empty" },
  { id: "filled", label: "is not empty" },
  { id: "between", label: "is from … up to" },
] as const;
export type Operator = (typeof operators)[number]["id"];

export function newLine(dimension: string, operator: Operator = "is"): FilterLine {
  return { kind: "line", dimension, operator, values: [], text: "", from: "", to: "" };
}

/** Reads a filter into a group of which all must hold. */
export function toTree(filter: CostFilter | undefined): FilterGroup {
  const simple = filter === undefined ? null : simplifyFilter(filter);
  if (simple === null) return { kind: "group", holds: "all", parts: [] };
  const part = toPart(simple);
  return part.kind === "group" && part.holds === "all" ? part : { kind: "group", holds: "all", parts: [part] };
}

export function toPart(filter: CostFilter): FilterPart {
  if ("and" in filter) return { kind: "group", holds: "all", parts: joinRanges(filter.and.map(toPart)) };
  if ("or" in filter) return { kind: "group", holds: "any", parts: filter.or.map(toPart) };
  if (!("not" in filter)) return toLine(filter);
  const inner = toPart(filter.not);
  if (inner.kind === "line") {
    const opposite = opposites[inner.operator];
    return opposite === undefined ? { kind: "group", holds: "none", parts: [inner] } : { ...inner, operator: opposite };
  }
  return { kind: "group", holds: "none", parts: inner.holds === "any" ? inner.parts : [inner] };
}

type Test = Extract<CostFilter, { dimension: string }>;

function toLine({ dimension, is, in: oneOf, contains, startsWith, isNull, from, to }: Test): FilterLine {
  const line = newLine(dimension);
  if (is !== undefined) return { ...line, values: [is] };
  if (oneOf !== undefined) return { ...line, values: oneOf };
  if (contains !== undefined) return { ...line, operator: "contains", text: contains };
  if (startsWith !== undefined) return { ...line, operator: "starts", text: startsWith };
  if (from !== undefined || to !== undefined) return { ...line, operator: "between", from: from ?? "", to: to ?? "" };
  return { ...line, operator: isNull === false ? "filled" : "empty" };
}

const opposites: Partial<Record<Operator, Operator>> = {
  is: "is-not",
  contains: "contains-not",
  starts: "starts-not",
  empty: "filled",
  filled: "empty",
};

/** A lower and an upper bound of the same dimension are one line. */
function joinRanges(parts: readonly FilterPart[]): FilterPart[] {
  const joined: FilterPart[] = [];
  for (const part of parts) {
    const index = joined.findIndex((other) => isOtherBound(other, part));
    if (index === -1 || part.kind === "group") joined.push(part);
    else {
      const other = joined[index] as FilterLine;
      joined[index] = { ...other, from: other.from || part.from, to: other.to || part.to };
    }
  }
  return joined;
}

function isOtherBound(one: FilterPart, other: FilterPart): boolean {
  if (one.kind === "group" || other.kind === "group") return false;
  if (one.operator !== "between" || other.operator !== "between" || one.dimension !== other.dimension) return false;
  return (
    (one.from === "") === (other.to === "") &&
    (one.to === "") === (other.from === "") &&
    (one.from === "") !== (one.to === "")
  );
}

/** The filter that the editor's lines mean; undefined where they say nothing. */
export function toFilter(part: FilterPart): CostFilter | undefined {
  if (part.kind === "line") return lineFilter(part);
  const inner = part.parts.flatMap((one) => toFilter(one) ?? []);
  if (inner.length === 0) return undefined;
  if (part.holds === "all") return allOf(inner);
  const any: CostFilter = inner.length === 1 ? inner[0]! : { or: inner };
  return part.holds === "any" ? any : { not: any };
}

function lineFilter(line: FilterLine): CostFilter | undefined {
  const { dimension, operator, text } = line;
  switch (operator) {
    case "is":
      return oneOf(line);
    case "is-not":
      return negate(oneOf(line));
    case "contains":
      return text === "" ? undefined : { dimension, contains: text };
    case "contains-not":
      return text === "" ? undefined : { not: { dimension, contains: text } };
    case "starts":
      return text === "" ? undefined : { dimension, startsWith: text };
    case "starts-not":
      return text === "" ? undefined : { not: { dimension, startsWith: text } };
    case "empty":
      return { dimension, isNull: true };
    case "filled":
      return { dimension, isNull: false };
    case "between":
      return allOf([
        line.from === "" ? undefined : { dimension, from: line.from },
        line.to === "" ? undefined : { dimension, to: line.to },
      ]);
  }
}

function oneOf({ dimension, values }: FilterLine): CostFilter | undefined {
  if (values.length === 0) return undefined;
  if (values.length > 1) return { dimension, in: [...values] };
  return values[0] === null ? { dimension, isNull: true } : { dimension, is: values[0]! };
}

function negate(filter: CostFilter | undefined): CostFilter | undefined {
  return filter === undefined ? undefined : { not: filter };
}

export interface PartWords {
  name: string;
  text: string;
}

/** What a chip says of a part. */
export function partWords(
  part: FilterPart,
  labels: { dimension: (name: string) => string; value: (dimension: string, value: string | null) => string },
): PartWords {
  if (part.kind === "group") {
    const inner = part.parts.map((one) => partWords(one, labels));
    const word = { all: " and ", any: " or ", none: " or " }[part.holds];
    return {
      name: { all: "All of", any: "Any of", none: "None of" }[part.holds],
      text: inner.map((one) => `${one.name} ${one.text}`).join(word),
    };
  }
  const name = labels.dimension(part.dimension);
  const values = part.values.map((value) => labels.value(part.dimension, value));
  const named = values.length > 2 ? `${values[0]} and ${values.length - 1} more` : values.join(" or ");
  switch (part.operator) {
    case "is":
      return { name, text: named };
    case "is-not":
      return { name, text: `not ${named}` };
    case "contains":
      return { name, text: `contains “${part.text}”` };
    case "contains-not":
      return { name, text: `without “${part.text}”` };
    case "starts":
      return { name, text: `starts with “${part.text}”` };
    case "starts-not":
      return { name, text: `does not start with “${part.text}”` };
    case "empty":
      return { name, text: labels.value(part.dimension, null) };
    case "filled":
      return { name, text: part.dimension.startsWith("tag:") ? "tagged" : "stated" };
    case "between":
      return {
        name,
        text: [part.from === "" ? "" : `from ${part.from}`, part.to === "" ? "" : `up to ${part.to}`].join(" ").trim(),
      };
  }
}
