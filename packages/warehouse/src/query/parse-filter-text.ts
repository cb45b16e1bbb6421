import { AppError } from "@finops/kernel/app-error";
import type { CostFilter } from "./cost-query.ts";

/**
 * Reads a filter as people type it:
 * `serviceName = 'Amazon EC2' and (tag:team in ('web', 'data') or not regionId starts with 'eu') and resourceId is null`.
 * Tests: `=`, `!=`, `in (…)`, `not in (…)`, `contains`, `starts with`, `is null`, `is not null`, `>=`, `<`. In a list, a bare
 * `null` is what the bill leaves out, and `'null'` the text.
 * @throws invalid with the place at which it stops making sense
 */
export function parseFilterText(text: string): CostFilter {
  const parser = new FilterParser(text);
  const filter = parser.parseOr();
  parser.requireEnd();
  return filter;
}

const nestingMax = 100;

interface Token {
  kind: "word" | "text" | "sign";
  value: string;
  at: number;
}

class FilterParser {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  parseOr(): CostFilter {
    const parts = [this.#parseAnd()];
    while (this.#takeWord("or")) parts.push(this.#parseAnd());
    return parts.length === 1 ? parts[0]! : { or: parts };
  }

  requireEnd(): void {
    if (this.#next < this.#tokens.length) throw this.#error("and, or, or the end");
  }

  #parseAnd(): CostFilter {
    const parts = [this.#parseNot()];
    while (this.#takeWord("and")) parts.push(this.#parseNot());
    return parts.length === 1 ? parts[0]! : { and: parts };
  }

  #parseNot(): CostFilter {
    if (this.#takeWord("not")) return { not: this.#nested(() => this.#parseNot()) };
    if (!this.#takeSign("(")) return this.#parseTest();
    const inner = this.#nested(() => this.parseOr());
    if (!this.#takeSign(")")) throw this.#error(")");
    return inner;
  }

  #nested(parse: () => CostFilter): CostFilter {
    if (this.#depth === nestingMax) throw new AppError("invalid", `The filter is nested more than ${nestingMax} deep.`);
    this.#depth += 1;
    const inner = parse();
    this.#depth -= 1;
    return inner;
  }

  #parseTest(): CostFilter {
    const dimension = this.#takeValue("a dimension, such as serviceName or tag:team");
    if (this.#takeSign("=")) return { dimension, is: this.#takeValue("a value") };
    if (this.#takeSign("!=")) return { not: { dimension, is: this.#takeValue("a value") } };
    if (this.#takeSign(">=")) return { dimension, from: this.#takeValue("a value") };
    if (this.#takeSign("<")) return { dimension, to: this.#takeValue("a value") };
    if (this.#takeWord("in")) return { dimension, in: this.#takeList() };
    if (this.#takeWord("contains")) return { dimension, contains: this.#takeValue("a text") };
    if (this.#takeWord("starts")) {
      if (!this.#takeWord("with")) throw this.#error("with");
      return { dimension, startsWith: this.#takeValue("a text") };
    }
    if (this.#takeWord("is")) return this.#parseNull(dimension);
    if (this.#takeWord("not")) {
      if (!this.#takeWord("in")) throw this.#error("in");
      return { not: { dimension, in: this.#takeList() } };
    }
    throw this.#error("=, !=, >=, <, in, contains, starts with or is null");
  }

  #parseNull(dimension: string): CostFilter {
    const isNot = this.#takeWord("not");
    if (!this.#takeWord("null")) throw this.#error("null");
    return { dimension, isNull: !isNot };
  }

  #takeList(): (string | null)[] {
    if (!this.#takeSign("(")) throw this.#error("(");
    const takeOne = () => (this.#takeWord("null") ? null : this.#takeValue("a value"));
    const values = [takeOne()];
    while (this.#takeSign(",")) values.push(takeOne());
    if (!this.#takeSign(")")) throw this.#error(") or ,");
    return values;
  }

  #takeValue(wanted: string): string {
    const token = this.#tokens[this.#next];
    if (token === undefined || token.kind === "sign") throw this.#error(wanted);
    this.#next += 1;
    return token.value;
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#next];
    const found = token?.kind === "word" && token.value.toLowerCase() === word;
    if (found) this.#next += 1;
    return found;
  }

  #takeSign(sign: string): boolean {
    const token = this.#tokens[this.#next];
    const found = token?.kind === "sign" && token.value === sign;
    if (found) this.#next += 1;
    return found;
  }

  #error(wanted: string): AppError {
    const token = this.#tokens[this.#next];
    const where = token === undefined ? "at its end" : `at "${this.#text.slice(token.at, token.at + 20)}"`;
    return new AppError("invalid", `The filter is not understood ${where}: expected ${wanted}.`);
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|(!=|>=|[=<(),])|([^\s'"=<>!(),]+))/gy;
  let at = 0;
  while (at < text.trimEnd().length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) throw new AppError("invalid", `The filter is not understood at "${text.slice(at, at + 20)}".`);
    const [, single, double, sign, word] = match;
    if (sign !== undefined) tokens.push({ kind: "sign", value: sign, at });
    else if (word !== undefined) tokens.push({ kind: "word", value: word, at });
    else tokens.push({ kind: "text", value: single?.replaceAll("''", "'") ?? double!.replaceAll('""', '"'), at });
    at = pattern.lastIndex;
  }
  return tokens;
}
