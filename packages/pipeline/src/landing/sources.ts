import { AppError } from "@finops/kernel/app-error";
import { parseDay } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { dayToColumn } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";

export interface SourceChoice {
  key: string;
  name: string;
  connector: string;
  format: string;
  takesOver?: { source: string; from: string };
}

export interface OpenedSource {
  id: string;
  key: string;
  name: string;
  /** How to put things back when the import fails: null when the source was made for it. */
  before: { takesOverFrom: string | null; takesOverOn: Date | null } | null;
}

/** The source of that key, made when it is new, with its takeover recorded. */
export async function openSource(tx: Tx, ctx: Context, choice: SourceChoice): Promise<OpenedSource> {
  const { takesOver, ...data } = choice;
  const where = { tenantId_key: { tenantId: ctx.tenantId, key: choice.key } };
  const before = await tx.source.findUnique({ where, select: { takesOverFrom: true, takesOverOn: true } });
  const takeover =
    takesOver === undefined
      ? {}
      : {
          takesOverFrom: await otherSource(tx, takesOver.source, choice.key),
          takesOverOn: dayToColumn(parseDay(takesOver.from)),
        };
  const source = await tx.source.upsert({
    where,
    create: { tenantId: ctx.tenantId, ...data, ...takeover },
    update: { format: choice.format, ...takeover },
    select: { id: true, key: true, name: true },
  });
  return { ...source, before };
}

async function otherSource(tx: Tx, key: string, ownKey: string): Promise<string> {
  const source = await tx.source.findFirst({ where: { key } });
  if (source === null) throw new AppError("not_found", `There is no source "${key}" to take over from.`);
  if (key === ownKey)
    throw new AppError(
      "invalid",
      `The source "${key}" cannot take over from itself. Name the new one with --source-name.`,
    );
  return source.id;
}

/**
 * The key under which an unnamed bill is kept. A bill of several billing accounts belongs to the source of its format that
 * has one of them already: an account more or less in a later month does not make it another source.
 */
export async function findSourceKey(tx: Tx, prefix: string, accounts: readonly string[]): Promise<string | null> {
  const known = await tx.versionAccount.findFirst({
    where: { account: { in: [...accounts] }, version: { state: "published", source: { key: { startsWith: prefix } } } },
    orderBy: { version: { billingPeriod: "desc" } },
    select: { version: { select: { source: { select: { key: true } } } } },
  });
  return known?.version.source.key ?? null;
}
