import { type BillDatabase, quote } from "./database.ts";

/** SQL over one line table and its texts (alias `t`) that says what the line costs. */
export interface CostSql {
  billed: string;
  effective: string;
  /** NULL where the line has none. */
  list: string;
  contracted: string;
  /** How many rows of files the line is. */
  rows: string;
  /** Native columns whose sums are kept: name in the file and SQL over the line table. */
  summed: readonly (readonly [name: string, sql: string])[];
}

/**
 * Adds up what is written, part by part, in exact decimals. The sums are taken from the very table that the files are
 * copied from, so they are the truth of the files.
 */
export class TruthLedger {
  readonly #db: BillDatabase;

  constructor(db: BillDatabase) {
    this.#db = db;
  }

  async open(): Promise<void> {
    const amount = "DECIMAL(38,18)";
    await this.#db.run(
      `CREATE TABLE cells (delivery VARCHAR, account_id VARCHAR, service VARCHAR, tag_state VARCHAR, currency VARCHAR, rows BIGINT, billed ${amount}, effective ${amount}, list ${amount}, contracted ${amount})`,
    );
    await this.#db.run(`CREATE TABLE raw_sums (delivery VARCHAR, name VARCHAR, currency VARCHAR, amount ${amount})`);
    await this.#db.run(`CREATE TABLE event_sums (delivery VARCHAR, event INTEGER, currency VARCHAR, amount ${amount})`);
    await this.#db.run(`CREATE TABLE stream_sums (delivery VARCHAR, stream_id INTEGER, billed ${amount})`);
    await this.#db.run(
      `CREATE TABLE commitment_months (delivery VARCHAR, commitment INTEGER, fee ${amount}, used ${amount}, unused ${amount}, billed ${amount})`,
    );
    await this.#db.run(
      `CREATE TABLE cluster_sums (delivery VARCHAR, node ${amount}, split ${amount}, unused ${amount})`,
    );
  }

  /** Records a part. The line table has text_id and day_index; the texts account_id, service, tag_state and currency. */
  async record(delivery: string, cost: CostSql): Promise<number> {
    const id = quote(delivery);
    const from = "FROM lines l JOIN texts t ON t.id = l.text_id";
    const sum = (sql: string) => `sum(${sql})::DECIMAL(38,18)`;
    await this.#db.run(`
      INSERT INTO cells SELECT ${id}, t.account_id, t.service, t.tag_state, t.currency, sum(${cost.rows})::BIGINT,
        ${sum(cost.billed)}, ${sum(cost.effective)}, ${sum(cost.list)}, ${sum(cost.contracted)} ${from} GROUP BY ALL`);
    const raw = cost.summed
      .map(([name, sql]) => `{name: ${quote(name)}, amount: ${sum(`coalesce(${sql}, 0)`)}}`)
      .join(", ");
    await this.#db.run(
      `INSERT INTO raw_sums SELECT ${id}, it.name, currency, it.amount FROM (SELECT t.currency, unnest([${raw}]) AS it ${from} GROUP BY t.currency)`,
    );
    await this.#db.run(`
      INSERT INTO event_sums SELECT ${id}, e.event, t.currency, sum((${cost.billed})::DOUBLE * e.extra_share)::DECIMAL(38,18)
      ${from} JOIN event_days e ON e.stream_id = l.text_id AND e.day_index = l.day_index GROUP BY ALL`);
    await this.#db.run(
      `INSERT INTO stream_sums SELECT ${id}, l.text_id, ${sum(cost.billed)} ${from} JOIN idle_streams i ON i.stream_id = l.text_id GROUP BY ALL`,
    );
    const [counted] = await this.#db.rows(`SELECT coalesce(sum(${cost.rows}), 0)::BIGINT AS rows FROM lines l`);
    return Number(counted!["rows"]);
  }

  async recordCommitmentMonths(delivery: string, selectSql: string): Promise<void> {
    await this.#db.run(
      `INSERT INTO commitment_months BY NAME SELECT ${quote(delivery)} AS delivery, * FROM (${selectSql})`,
    );
  }

  async recordCluster(delivery: string): Promise<void> {
    await this.#db.run(`
      INSERT INTO cluster_sums
      SELECT ${quote(delivery)}, sum(CASE WHEN s.cluster_node AND l.line_type IN ('Usage', 'DiscountedUsage') THEN l.effective ELSE 0 END), sum(coalesce(l.split_cost, 0)), sum(coalesce(l.split_unused, 0))
      FROM lines l LEFT JOIN streams s ON s.id = l.text_id AND s.kind = 'aws-cur2'`);
  }
}
