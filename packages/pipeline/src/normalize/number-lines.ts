import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { AppError } from "@finops/kernel/app-error";
import { type LandedFile, lineColumn, type RawFiles, rawRelation } from "./raw-relation.ts";

/**
 * The same files with each record's line number before it, so that rows that are refused can be found in the file. The
 * engine reads in parallel and counts records, not lines, so it cannot tell. Costs a copy; made only when there is a need.
 * Throws `invalid` when a quote is never closed: then everything after it is one broken field.
 */
export async function numberLines(group: RawFiles, dir: string): Promise<RawFiles> {
  if (group.files[0]!.shape.kind === "parquet") return rawRelation(group.files, group.columns, true);
  const files: LandedFile[] = [];
  for (const file of group.files) files.push(await numberedCopy(file, join(dir, `numbered-${file.index}`)));
  return rawRelation(files, group.columns, true);
}

async function numberedCopy(file: LandedFile, path: string): Promise<LandedFile> {
  const { shape } = file;
  if (shape.kind === "parquet") return file;
  const numbering = shape.kind === "csv" ? new CsvNumbering(shape.delimiter, file.name) : new JsonNumbering();
  const stages = [
    createReadStream(file.path, { highWaterMark: 1 << 20 }),
    ...(shape.gzip ? [createGunzip({ chunkSize: 1 << 20 })] : []),
    numbering,
    ...(shape.gzip ? [createGzip({ level: 1, chunkSize: 1 << 20 })] : []),
    createWriteStream(path),
  ];
  await pipeline(stages as unknown as [NodeJS.ReadableStream, NodeJS.WritableStream]);
  return { ...file, path, isNumbered: true };
}

const newline = 10;
const carriageReturn = 13;
const quote = 34;
const brace = 123;

/**
 * Writes `<line><delimiter><record>\n`. A quote opens a field only at its start, and blank lines are left out, as in the
 * engine's own reading. Line ends become one kind: the engine refuses a file that mixes them.
 */
class CsvNumbering extends Transform {
  readonly #delimiter: number;
  readonly #fileName: string;
  #line = 1;
  #recordLine = 1;
  #isQuoted = false;
  #atFieldStart = true;
  #afterReturn = false;
  /** Bytes of the record that stand in earlier chunks. */
  #pending: Buffer[] = [];

  constructor(delimiter: string, fileName: string) {
    super();
    this.#delimiter = delimiter.charCodeAt(0);
    this.#fileName = fileName;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const out: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte === newline && this.#afterReturn) {
        // The second half of \r\n: the line was counted at the first.
        this.#afterReturn = false;
        if (!this.#isQuoted) from = at + 1;
        continue;
      }
      this.#afterReturn = byte === carriageReturn;
      const isLineEnd = byte === newline || byte === carriageReturn;
      if (isLineEnd) this.#line += 1;
      if (byte === quote) {
        // A doubled quote closes and opens again, which comes to the same.
        if (this.#isQuoted) this.#isQuoted = false;
        else if (this.#atFieldStart || this.#wasQuote(chunk, at)) this.#isQuoted = true;
        this.#atFieldStart = false;
      } else if (!this.#isQuoted && isLineEnd) {
        this.#endRecord(chunk.subarray(from, at), out);
        from = at + 1;
      } else this.#atFieldStart = !this.#isQuoted && byte === this.#delimiter;
    }
    if (from < chunk.length) this.#pending.push(chunk.subarray(from));
    done(null, Buffer.concat(out));
  }

  override _flush(done: TransformCallback): void {
    if (this.#isQuoted)
      return done(
        new AppError(
          "invalid",
          `${this.#fileName}, line ${this.#recordLine}: a quote is opened there and never closed, so nothing after it can be read.`,
        ),
      );
    const out: Buffer[] = [];
    this.#endRecord(Buffer.alloc(0), out);
    done(null, Buffer.concat(out));
  }

  #wasQuote(chunk: Buffer, at: number): boolean {
    return at > 0 ? chunk[at - 1] === quote : this.#pending.at(-1)?.at(-1) === quote;
  }

  #endRecord(last: Buffer, out: Buffer[]): void {
    const isBlank = last.length === 0 && this.#pending.length === 0;
    if (!isBlank)
      out.push(
        Buffer.from(`${this.#recordLine}${String.fromCharCode(this.#delimiter)}`),
        ...this.#pending,
        last,
        Buffer.of(newline),
      );
    this.#pending = [];
    this.#recordLine = this.#line;
    this.#atFieldStart = true;
  }
}

/** Adds the line's number as the first field of each object. */
class JsonNumbering extends Transform {
  #line = 1;
  #rest: Buffer[] = [];

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const out: Buffer[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      this.#endLine(chunk.subarray(from, end), out);
      from = end + 1;
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
    done(null, Buffer.concat(out));
  }

  override _flush(done: TransformCallback): void {
    const out: Buffer[] = [];
    this.#endLine(Buffer.alloc(0), out);
    done(null, Buffer.concat(out));
  }

  #endLine(last: Buffer, out: Buffer[]): void {
    const line = Buffer.concat([...this.#rest, last]);
    this.#rest = [];
    const opens = line.indexOf(brace);
    const isEmpty = opens >= 0 && /^\s*\}/.test(line.subarray(opens + 1).toString("utf8"));
    if (opens >= 0)
      out.push(
        Buffer.from(`{"${lineColumn}":${this.#line}${isEmpty ? "" : ","}`),
        line.subarray(opens + 1),
        Buffer.of(newline),
      );
    else if (line.toString("utf8").trim() !== "") out.push(line, Buffer.of(newline));
    this.#line += 1;
  }
}
