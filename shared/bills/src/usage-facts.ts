import type { BillDatabase } from "./database.ts";
import type { BillPlan, FormatPlan } from "./plan/plan-bills.ts";
import { patternNames, shapesOf, usagePatterns } from "./plan/usage-patterns.ts";

/** Puts what does not change from month to month into DuckDB: resources, days, patterns, events. */
export async function loadPlan(db: BillDatabase, plan: BillPlan): Promise<void> {
  const shapes = shapesOf(plan.calendar);
  await db.load(
    "days",
    { day_index: "INTEGER", day: "DATE", pacific_lag: "INTEGER" },
    plan.calendar.days.map(({ index, day, pacificLag }) => ({ day_index: index, day, pacific_lag: pacificLag })),
  );
  await db.load(
    "shapes",
    { pattern: "VARCHAR", day_index: "INTEGER", shape: "DOUBLE" },
    patternNames.flatMap((pattern) => shapes[pattern].map((shape, day_index) => ({ pattern, day_index, shape }))),
  );
  await db.load(
    "streams",
    {
      id: "INTEGER",
      kind: "VARCHAR",
      provider: "VARCHAR",
      service: "VARCHAR",
      start_day: "INTEGER",
      end_day: "INTEGER",
      slots: "INTEGER",
      stride: "INTEGER",
      phase: "INTEGER",
      base: "DOUBLE",
      cap: "DOUBLE",
      growth: "DOUBLE",
      pattern: "VARCHAR",
      noise: "DOUBLE",
      diurnal: "DOUBLE",
      price: "DECIMAL(18,10)",
      list_price: "DECIMAL(18,10)",
      commitment: "INTEGER",
      committed_from: "INTEGER",
      committed_to: "INTEGER",
      recurring_rate: "DECIMAL(18,4)",
      upfront_rate: "DECIMAL(18,4)",
      cluster_node: "BOOLEAN",
    },
    plan.formats.flatMap(streamRows),
  );
  await db.load(
    "event_days",
    { stream_id: "INTEGER", day_index: "INTEGER", factor: "DOUBLE", extra_share: "DOUBLE", event: "INTEGER" },
    plan.formats.flatMap(({ factors }) =>
      factors.map(({ streamId, dayIndex, factor, extraShare, event }) => ({
        stream_id: streamId,
        day_index: dayIndex,
        factor,
        extra_share: extraShare,
        event,
      })),
    ),
  );
  await db.load(
    "commitments",
    {
      commitment: "INTEGER",
      id: "VARCHAR",
      name: "VARCHAR",
      type: "VARCHAR",
      start_day: "INTEGER",
      end_day: "INTEGER",
      units: "DECIMAL(18,4)",
      recurring: "DECIMAL(18,4)",
      upfront: "DECIMAL(18,4)",
      term_days: "INTEGER",
    },
    plan.formats.flatMap(({ commitments }) =>
      commitments.map((it) => ({
        commitment: it.index,
        id: it.id,
        name: it.name,
        type: it.type,
        start_day: it.startDay,
        end_day: it.endDay,
        units: String(it.units),
        recurring: it.recurringPerHour,
        upfront: it.upfrontPerHour,
        term_days: it.termYears * 365,
      })),
    ),
  );
  await db.load(
    "idle_streams",
    { stream_id: "INTEGER" },
    plan.formats.flatMap(({ streams }) =>
      streams.filter((stream) => stream.idleKind).map(({ id }) => ({ stream_id: id })),
    ),
  );
}

function streamRows(format: FormatPlan): object[] {
  return format.streams.map((stream) => ({
    id: stream.id,
    kind: stream.kind,
    provider: stream.account.provider,
    service: stream.sku.service,
    start_day: stream.startDay,
    end_day: stream.endDay,
    slots: stream.slots,
    stride: stream.stride,
    phase: stream.phase,
    base: stream.basePerDay,
    cap: stream.capPerDay,
    growth: stream.growthPerMonth,
    pattern: stream.pattern,
    noise: stream.idleKind ? 0 : usagePatterns[stream.pattern].noise,
    diurnal: usagePatterns[stream.pattern].diurnal,
    price: stream.price,
    list_price: stream.listPrice,
    commitment: stream.commitment?.index ?? null,
    committed_from: stream.commitment?.startDay ?? null,
    committed_to: stream.commitment?.endDay ?? null,
    recurring_rate: stream.commitmentRate?.recurring ?? null,
    upfront_rate: stream.commitmentRate?.upfront ?? null,
    cluster_node: stream.clusterNode,
  }));
}

export interface FactRange {
  kind: string;
  provider: string;
  fromIndex: number;
  toIndex: number;
  seed: number;
  /** In the first delivery of a restated month, part of these services' last days is still missing. */
  late: { services: readonly string[]; fromIndex: number } | null;
}

/** Table `uses`: what every resource used on every line of the days in the range, in order of time and resource. */
export async function makeUses(db: BillDatabase, range: FactRange): Promise<void> {
  // Three 21-bit slices of one hash make a number that is nearly normal, from -3 to 3.
  const slice = (shift: number) => `((h >> ${shift}) & 2097151)::DOUBLE / 2097151`;
  const late = range.late
    ? `CASE WHEN s.day_index >= ${range.late.fromIndex} AND s.service IN (${range.late.services.map((service) => `'${service}'`).join(", ")}) THEN 0.55 ELSE 1 END`
    : "1";
  await db.run(`
    CREATE OR REPLACE TABLE uses AS
    WITH day_line AS (
      SELECT s.*, unnest(range(greatest(s.start_day, ${range.fromIndex}), least(s.end_day, ${range.toIndex})))::INTEGER AS day_index
      FROM streams s WHERE s.kind = '${range.kind}' AND s.provider = '${range.provider}'
    ),
    hour_line AS (SELECT *, unnest(range(slots))::INTEGER AS hour FROM day_line WHERE (day_index + phase) % stride = 0),
    line AS (
      SELECT s.*, d.day, d.pacific_lag, p.shape * coalesce(e.factor, 1) * ${late} AS level,
        CASE WHEN s.slots = 1 THEN 1 WHEN s.slots = 24 THEN (1 - s.diurnal * cos((s.hour - 3) * pi() / 12)) / 24 ELSE 1.0 / s.slots END AS share,
        CASE WHEN s.slots = 1 THEN 1 ELSE 24 END AS parts,
        hash(${range.seed}::INTEGER, s.id, s.day_index, s.hour) AS h
      FROM hour_line s
      JOIN days d ON d.day_index = s.day_index
      JOIN shapes p ON p.pattern = s.pattern AND p.day_index = s.day_index
      LEFT JOIN event_days e ON e.stream_id = s.id AND e.day_index = s.day_index
    )
    SELECT id AS stream_id, day_index, day, pacific_lag, hour, slots, price, list_price, cluster_node, recurring_rate, upfront_rate,
      CASE WHEN day_index >= committed_from AND day_index < committed_to THEN commitment END AS commitment,
      least(
        base * stride * share * level * exp(growth * day_index / 30.4) * (1 + noise * (${slice(0)} + ${slice(21)} + ${slice(42)} - 1.5) * 2),
        coalesce(cap / parts, 1e12)
      )::DECIMAL(18,6) AS quantity
    FROM line
    ORDER BY day_index, hour, id`);
}
