import type { D1Database } from "@cloudflare/workers-types";

/** What an operator can turn off at the edge, for all companies, without a deployment. */
export interface Flags {
  /** Null while everything is served; else the sentence that everybody gets. */
  maintenance: string | null;
  isLiveOn: boolean;
}

const keptMs = 30_000;

/** Reads the flags of D1, at most every 30 s in an isolate. Without an answer those from before hold. */
export function createFlags(edge: D1Database, nowMs: () => number): () => Promise<Flags> {
  let known: { flags: Flags; untilMs: number } | null = null;
  return async () => {
    if (known !== null && known.untilMs > nowMs()) return known.flags;
    const flags = await read(edge).catch(() => known?.flags ?? { maintenance: null, isLiveOn: true });
    known = { flags, untilMs: nowMs() + keptMs };
    return flags;
  };
}

async function read(edge: D1Database): Promise<Flags> {
  const { results } = await edge.prepare("select name, value from flag").all<{ name: string; value: string }>();
  const values = new Map(results.map(({ name, value }) => [name, value]));
  return { maintenance: values.get("maintenance") || null, isLiveOn: values.get("live-updates") !== "off" };
}
