import type { Day } from "@finops/kernel/period";
import type { Database } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import type { PinnedStore, ReadOptions } from "@finops/warehouse/query/cost-store";
import { newestPosition, pinStore } from "./publication-log.ts";

/** What is kept of a company: what was published at the position that was newest when somebody looked last. */
interface CompanyPins {
  newest: PinnedStore | null;
  running: Promise<PinnedStore> | null;
  /** The look that begins when the running one has ended. */
  next: Promise<PinnedStore> | null;
}

/** A company's manifests name up to thousands of tag keys, so only those that ask are kept. */
const companiesMax = 50;

const kept = new WeakMap<Database, Map<string, CompanyPins>>();

/**
 * What is published now, or was by the end of a day: `pinStore` for many requests at once. The newest position is looked up
 * for every request, after it came in, so that nobody misses what was published before they asked; requests that come while
 * a look is running share the next one, and what stands at a position is read once, as nothing changes it any more.
 * Not for use inside a transaction, since what that one changed is seen by nobody else.
 */
export async function pinPublished(ctx: Context, asOf?: Day): Promise<PinnedStore> {
  if (asOf !== undefined) return ctx.inTenant((tx) => pinStore(tx, ctx.tenantId, asOf));
  const pins = pinsOf(ctx);
  if (pins.running === null) return look(ctx, pins);
  const started = () => {
    pins.next = null;
    return look(ctx, pins);
  };
  pins.next ??= pins.running.then(started, started);
  return pins.next;
}

/**
 * Reads what is published now, or was by the end of a day. Reading begins at once with what was newest when somebody looked
 * last, beside the look whether it still is; where it is not, that is given up and everything is read anew.
 */
export async function readPublished<T>(
  ctx: Context,
  { asOf, ...options }: ReadOptions & { asOf?: Day | undefined },
  read: (pinned: PinnedStore, options: ReadOptions) => Promise<T>,
): Promise<T> {
  const known = asOf === undefined ? pinsOf(ctx).newest : null;
  if (known === null) return read(await pinPublished(ctx, asOf), options);
  const giveUp = new AbortController();
  const signal = AbortSignal.any([giveUp.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const early = read(known, { ...options, signal });
  // Nobody waits for it once it is given up.
  early.catch(() => undefined);
  const pinned = await pinPublished(ctx).catch((error: unknown) => {
    giveUp.abort();
    throw error;
  });
  if (pinned.position === known.position) return early;
  giveUp.abort();
  return read(pinned, options);
}

function look(ctx: Context, pins: CompanyPins): Promise<PinnedStore> {
  const running = readNewest(ctx, pins).finally(() => {
    if (pins.running === running) pins.running = null;
  });
  pins.running = running;
  return running;
}

async function readNewest(ctx: Context, pins: CompanyPins): Promise<PinnedStore> {
  const position = await newestPosition(ctx);
  if (pins.newest?.position !== position.toString())
    pins.newest = await ctx.inTenant((tx) => pinStore(tx, ctx.tenantId));
  return pins.newest;
}

function pinsOf(ctx: Context): CompanyPins {
  const companies = kept.get(ctx.host.db) ?? new Map<string, CompanyPins>();
  kept.set(ctx.host.db, companies);
  const pins = companies.get(ctx.tenantId) ?? { newest: null, running: null, next: null };
  // Setting it again moves it to the end: the map's order is the order of last use.
  companies.delete(ctx.tenantId);
  companies.set(ctx.tenantId, pins);
  for (const [oldest] of companies) {
    if (companies.size <= companiesMax) break;
    companies.delete(oldest);
  }
  return pins;
}
