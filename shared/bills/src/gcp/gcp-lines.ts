import type { BillDatabase } from "../database.ts";
import type { BillMonth } from "../plan/calendar.ts";
import type { GcpTexts } from "./gcp-texts.ts";

/** Table `lines`: cost before credits, and up to two credits inside the row. */
export async function clearLines(db: BillDatabase): Promise<void> {
  await db.run(`CREATE OR REPLACE TABLE lines (
    text_id INTEGER, day_index INTEGER, start_at TIMESTAMP, end_at TIMESTAMP, cost_type VARCHAR, quantity DECIMAL(18,6), price DECIMAL(18,10),
    cost DECIMAL(18,10), at_list DECIMAL(18,10), commitment INTEGER, commitment_credit DECIMAL(18,10), commitment_cost DECIMAL(18,10),
    other_credit DECIMAL(18,10), other_type VARCHAR, correction VARCHAR)`);
}

/**
 * Usage rows. Google's day is Pacific time, so that a billing month starts at 07:00 or 08:00 UTC. What a commitment covers
 * is credited in full inside the row; its fee is a SKU of its own.
 */
export async function addUsageLines(db: BillDatabase): Promise<void> {
  const money = (sql: string) => `(${sql})::DECIMAL(18,10)`;
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT u.stream_id AS text_id, day_index, day + to_hours(pacific_lag + hour) AS start_at,
      day + to_hours(pacific_lag + CASE WHEN slots = 1 THEN 24 ELSE hour + 1 END) AS end_at,
      'regular' AS cost_type, u.quantity, u.price, ${money("u.quantity::DOUBLE * u.price::DOUBLE")} AS cost, ${money("u.quantity::DOUBLE * u.list_price::DOUBLE")} AS at_list,
      u.commitment, CASE WHEN u.commitment IS NOT NULL THEN -cost END AS commitment_credit,
      CASE WHEN u.commitment IS NOT NULL THEN ${money("u.quantity::DOUBLE * (u.recurring_rate + u.upfront_rate)::DOUBLE")} END AS commitment_cost,
      CASE WHEN u.commitment IS NOT NULL THEN NULL WHEN t.sku LIKE 'N1 Predefined%' THEN 'SUSTAINED_USAGE_DISCOUNT' WHEN t.sku = 'Requests' THEN 'FREE_TIER'
        WHEN t.service = 'Vertex AI' AND t.sku LIKE 'Gemini%' AND day_index < 90 THEN 'PROMOTION' END AS other_type,
      CASE other_type WHEN 'SUSTAINED_USAGE_DISCOUNT' THEN ${money("-cost::DOUBLE * 0.2")} WHEN 'FREE_TIER' THEN ${money("-cost::DOUBLE * 0.05")} WHEN 'PROMOTION' THEN ${money("-cost::DOUBLE * 0.3")} END AS other_credit
    FROM uses u JOIN texts t ON t.id = u.stream_id`);
  await db.run(
    "INSERT INTO commitment_uses SELECT commitment, sum(commitment_cost) FROM lines WHERE commitment IS NOT NULL GROUP BY 1",
  );
  await db.run(
    "INSERT INTO maps_costs SELECT sum(l.cost) FROM lines l JOIN texts t ON t.id = l.text_id WHERE t.service = 'Maps API'",
  );
}

export async function clearCollected(db: BillDatabase): Promise<void> {
  await db.run("CREATE OR REPLACE TABLE commitment_uses (commitment INTEGER, cost DECIMAL(38,10))");
  await db.run("CREATE OR REPLACE TABLE maps_costs (cost DECIMAL(38,10))");
}

/** Daily commitment fees, sales tax of the month, an adjustment in one month, and the rounding of the invoice. */
export async function addChargeLines(db: BillDatabase, month: BillMonth, texts: GcpTexts): Promise<void> {
  await db.run(`
    INSERT INTO lines BY NAME
    SELECT x.text_id, d.day_index, d.day + to_hours(d.pacific_lag) AS start_at, d.day + to_hours(d.pacific_lag + 24) AS end_at, 'regular' AS cost_type, c.commitment,
      (c.units * 24)::DECIMAL(18,6) AS quantity, (c.recurring::DOUBLE / c.units::DOUBLE)::DECIMAL(18,4) AS price, (c.recurring * 24)::DECIMAL(18,10) AS cost, cost AS at_list
    FROM commitments c JOIN commitment_texts x USING (commitment)
    JOIN days d ON d.day_index >= greatest(c.start_day, ${month.fromIndex}) AND d.day_index < least(c.end_day, ${month.toIndex})
    ORDER BY d.day_index, c.commitment`);
  const lastDay = `FROM days WHERE day_index = ${month.toIndex - 1}`;
  const times =
    "day_index, day + to_hours(pacific_lag) AS start_at, day + to_hours(pacific_lag + 24) AS end_at, 0 AS quantity, 0 AS price";
  await db.run(
    `INSERT INTO lines BY NAME SELECT ${texts.tax} AS text_id, ${times}, 'tax' AS cost_type, (SELECT coalesce(sum(cost), 0)::DOUBLE * 0.0725 FROM maps_costs)::DECIMAL(18,2) AS cost ${lastDay}`,
  );
  await db.run(
    `INSERT INTO lines BY NAME SELECT ${texts.rounding} AS text_id, ${times}, 'rounding_error' AS cost_type, ((day_index % 9 - 4) / 1000.0)::DECIMAL(18,4) AS cost ${lastDay}`,
  );
  if (month.index === 5) {
    await db.run(
      `INSERT INTO lines BY NAME SELECT ${texts.adjustment} AS text_id, ${times}, 'adjustment' AS cost_type, -86.2 AS cost, 'USAGE_CORRECTION' AS correction ${lastDay}`,
    );
  }
}
