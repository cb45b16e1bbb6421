import { type Dimension, getDimension } from "../model/dimensions.ts";
import type { CostDialect } from "./cost-store.ts";
import type { CostFilter } from "./cost-query.ts";
import type { Arguments } from "./arguments.ts";

/** A filter as a condition in SQL. Every value goes to `args`; only names that the model knows reach the text. */
export function renderFilter(
  filter: CostFilter,
  column: (dimension: Dimension) => string,
  dialect: CostDialect,
  args: Arguments,
): string {
  const render = (inner: CostFilter): string => renderFilter(inner, column, dialect, args);
  if ("and" in filter) return filter.and.length === 0 ? "true" : `(${filter.and.map(render).join(" AND ")})`;
  if ("or" in filter) return `(${filter.or.map(render).join(" OR ")})`;
  // A test on a missing value is false, so its negation is true: nothing drops out of both.
  if ("not" in filter) return `(NOT coalesce(${render(filter.not)}, false))`;
  const sql = column(getDimension(filter.dimension));
  const bind = (value: string) => args.bind(value, "text");
  const tests: string[] = [];
  if (filter.is !== undefined) tests.push(filter.is === null ? `${sql} IS NULL` : `${sql} = ${bind(filter.is)}`);
  if (filter.in !== undefined) tests.push(isOneOf(sql, filter.in, bind));
  if (filter.contains !== undefined) tests.push(dialect.contains(sql, bind(filter.contains)));
  if (filter.startsWith !== undefined) tests.push(dialect.startsWith(sql, bind(filter.startsWith)));
  if (filter.isNull !== undefined) tests.push(`${sql} IS ${filter.isNull ? "" : "NOT "}NULL`);
  if (filter.from !== undefined) tests.push(`${sql} >= ${bind(filter.from)}`);
  if (filter.to !== undefined) tests.push(`${sql} < ${bind(filter.to)}`);
  return `(${tests.join(" AND ")})`;
}

function isOneOf(sql: string, values: readonly (string | null)[], bind: (value: string) => string): string {
  const texts = values.filter((value) => value !== null);
  const parts = texts.length === 0 ? [] : [`${sql} IN (${texts.map(bind).join(", ")})`];
  if (values.includes(null)) parts.push(`${sql} IS NULL`);
  return `(${parts.join(" OR ")})`;
}
