import { createHash } from "node:crypto";
import { csvLine } from "@finops/kernel/csv";
import { decimal } from "@finops/kernel/decimal";
import type { CostRowsAnswer } from "@finops/warehouse/query/cost-query";
import { Zip, ZipDeflate } from "fflate";
import type { FigureProof } from "./contract.ts";
import { packReadme } from "./pack-readme.ts";
import { verifySql } from "./verify-sql.ts";

/**
 * The proof of a figure as a zip that needs nothing of this platform: the figure and how it was asked, every charge row of it,
 * the bill files with their SHA-256, and a statement with which plain DuckDB computes the figure anew. Yields the zip's bytes,
 * and takes a page of rows only when the bytes of the one before are gone. `at` is when it is written.
 */
export async function* writePack(
  proof: FigureProof,
  pages: AsyncIterable<CostRowsAnswer>,
  at: Date,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipStream(at);
  const places = yield* zip.file("rows.csv", rowLines(pages));
  const texts = {
    "figure.json": `${JSON.stringify(proof, null, 2)}\n`,
    "query.sql": `${proof.statement.sql};\n`,
    "files.csv": filesCsv(proof),
    "verify.sql": verifySql(proof.figure.measure, proof.figure.value, places),
    "README.md": packReadme(proof, at.toISOString()),
  };
  for (const [name, text] of Object.entries(texts)) yield* zip.file(name, once(text));
  yield* zip.file("SHA256SUMS", once(zip.sums()));
  yield* zip.end();
}

/** The CSV's lines; returns the most decimal places of any amount, by which the sums are made. */
async function* rowLines(pages: AsyncIterable<CostRowsAnswer>): AsyncGenerator<string, number> {
  let [isFirst, places] = [true, 0];
  for await (const { columns, rows } of pages) {
    if (isFirst) yield csvLine(columns);
    isFirst = false;
    const amounts = columns.filter((column) => /(?:Cost|Quantity)$/.test(column));
    for (const row of rows)
      for (const column of amounts)
        if (row[column] != null) places = Math.max(places, decimal(row[column]).decimalPlaces());
    yield rows.map((row) => csvLine(columns.map((column) => row[column] ?? null))).join("");
  }
  return places;
}

function filesCsv({ versions }: FigureProof): string {
  const head = ["source", "billingPeriod", "version", "file", "role", "sha256", "bytes", "rows", "value"];
  const lines = versions.flatMap((version) =>
    version.files.map((file) => [
      version.sourceName,
      version.billingPeriod,
      String(version.number),
      file.name,
      file.role,
      file.sha256,
      String(file.bytes),
      String(file.rows),
      file.value,
    ]),
  );
  return [head, ...lines].map(csvLine).join("");
}

async function* once(text: string): AsyncGenerator<string, void> {
  yield await Promise.resolve(text);
}

/** A zip as a stream: what is given goes in, and comes out compressed before the next is asked for. */
class ZipStream {
  readonly #out: Uint8Array[] = [];
  readonly #sums: string[] = [];
  readonly #at: Date;
  readonly #zip: Zip;

  constructor(at: Date) {
    this.#at = at;
    this.#zip = new Zip((error, chunk) => {
      if (error !== null) throw error;
      this.#out.push(chunk);
    });
  }

  async *file<T>(name: string, content: AsyncGenerator<string, T>): AsyncGenerator<Uint8Array, T> {
    const entry = new ZipDeflate(name, { level: 6 });
    entry.mtime = this.#at;
    const hash = createHash("sha256");
    this.#zip.add(entry);
    for (;;) {
      const next = await content.next();
      const bytes = next.done === true ? new Uint8Array() : new TextEncoder().encode(next.value);
      hash.update(bytes);
      entry.push(bytes, next.done === true);
      yield* this.#drain();
      if (next.done !== true) continue;
      this.#sums.push(`${hash.digest("hex")}  ${name}\n`);
      return next.value;
    }
  }

  /** What `sha256sum --check` reads, of the files so far. */
  sums(): string {
    return this.#sums.join("");
  }

  *end(): Generator<Uint8Array> {
    this.#zip.end();
    yield* this.#drain();
  }

  *#drain(): Generator<Uint8Array> {
    while (this.#out.length > 0) yield this.#out.shift()!;
  }
}
