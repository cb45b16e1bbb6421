import type { Delivery, ListedFile, PlanDeliveries } from "../delivery.ts";

/**
 * BigQuery exports a table in shards that it numbers with twelve digits: `billing-000000000000.jsonl`. The shards of one
 * table are one delivery, also over the dated folders of repeated exports (`2026-05-01/…`, `dt=20260501/…`): those hold rows
 * of the same months and often the same rows again, which the format counts once, so that no export replaces another.
 */
export const planGcpDeliveries: PlanDeliveries = async (files) => {
  const shards = files.flatMap((file) => findShard(file));
  const tables = groupBy(shards, (shard) => shard.table);
  return [...tables].map(([table, members]) => delivery(table, members));
};

interface Shard {
  path: string;
  number: number;
  /** Path up to the number, and what follows it: what the shards of one export have in common. */
  before: string;
  after: string;
  /** The same without dates: what repeated exports of one table have in common. */
  table: string;
}

// Shard numbers are small; twelve digits without leading zeros are an account's or a day's number.
const shardName = /^(.*?)(0{6}\d{6})(\.(?:jsonl|json|ndjson|csv|parquet)(?:\.gz)?)$/i;
const date = /(?:\d{4}-\d{2}-\d{2}|\d{4}-\d{2}|\d{8}|\d{6})(?=$|[^0-9])/g;

function findShard(file: ListedFile): Shard[] {
  const match = shardName.exec(file.path);
  if (match === null) return [];
  const [, before, number, after] = match as unknown as [string, string, string, string];
  return [
    { path: file.path, number: Number(number), before, after, table: `${before.replaceAll(date, "*")}*${after}` },
  ];
}

function delivery(table: string, shards: readonly Shard[]): Delivery {
  const files = shards.toSorted((a, b) => a.path.localeCompare(b.path, "en")).map(({ path }) => ({ path }));
  const exports = groupBy(shards, (shard) => shard.before + shard.after);
  return {
    label: `BigQuery export ${table} (${files.length} ${files.length === 1 ? "file" : "files"})`,
    files,
    ignored: [],
    missing: [...exports.values()].flatMap(missingShards),
  };
}

/** Shards are numbered from 0 without a gap; how many there should be after the last is not told. */
function missingShards(shards: readonly Shard[]): string[] {
  const numbers = new Set(shards.map((shard) => shard.number));
  const { before, after } = shards[0]!;
  const last = Math.max(...numbers);
  const absent = Array.from({ length: last }, (_, number) => number).filter((number) => !numbers.has(number));
  return absent.map((number) => `${before}${String(number).padStart(12, "0")}${after}`);
}

function groupBy(shards: readonly Shard[], key: (shard: Shard) => string): Map<string, Shard[]> {
  const groups = new Map<string, Shard[]>();
  for (const shard of shards) groups.set(key(shard), [...(groups.get(key(shard)) ?? []), shard]);
  return groups;
}
