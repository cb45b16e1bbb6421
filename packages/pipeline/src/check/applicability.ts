import type { Rule } from "./rule.ts";

/**
 * What the provider supports, such as `SUB_ACCOUNT_SUPPORTED`: the named flags, all, none, or inferred from the file.
 * Inferred, a flag holds where the file has one of the columns that it calls for. So a provider without sub accounts is
 * not blamed for lacking their columns, and one that delivers SubAccountId is for lacking SubAccountName.
 */
export type Applicability = "inferred" | "all" | "none" | readonly string[];

/** Tells for each flag of the rules whether it holds for a file with that header. */
export function applicableFlags(
  rules: readonly Rule[],
  header: readonly string[],
  applicability: Applicability,
): (flag: string) => boolean {
  if (applicability === "all") return () => true;
  if (applicability === "none") return () => false;
  const flags = new Set(applicability === "inferred" ? inferFlags(rules, new Set(header)) : applicability);
  return (flag) => flags.has(flag);
}

function inferFlags(rules: readonly Rule[], columns: ReadonlySet<string>): string[] {
  return rules.flatMap((rule) => (rule.test.kind === "present" && columns.has(rule.test.column) ? rule.flags : []));
}
