import { open } from "node:fs/promises";
import { gunzipSync, constants as zlib } from "node:zlib";
import { AppError } from "@finops/kernel/app-error";

/** How a text file is to be read: found from its first bytes, so that nothing is left to guessing later. */
export interface CsvDialect {
  kind: "csv";
  gzip: boolean;
  encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
  delimiter: "," | ";" | "\t" | "|";
  columns: string[];
}

export interface JsonLines {
  kind: "jsonl";
  gzip: boolean;
}

export interface Parquet {
  kind: "parquet";
}

export type FileShape = CsvDialect | JsonLines | Parquet;

const headBytes = 1024 * 1024;
/** What of a gzip is unpacked for the header: at most a thousand times as much comes out. */
const gzipHeadBytes = 64 * 1024;
const columnsMax = 5000;

/**
 * Tells what a bill file is from its first megabyte. Throws `invalid` with a sentence that names the file when it is empty,
 * an archive, binary, has no header or the same header twice.
 */
export async function readFileShape(path: string, name: string): Promise<FileShape> {
  const head = await readHead(path);
  if (head.length === 0) throw new AppError("invalid", `${name} is empty.`);
  if (startsWith(head, "PAR1")) return { kind: "parquet" };
  if (startsWith(head, "PK\u0003\u0004"))
    throw new AppError("invalid", `${name} is a zip archive. Unpack it and import the files in it.`);
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  const content = gzip ? gunzipHead(head, name) : head;
  if (content.length === 0) throw new AppError("invalid", `${name} is empty.`);
  if (startsWith(content, "PAR1"))
    throw new AppError(
      "invalid",
      `${name} is a gzipped Parquet file. Unpack it first: Parquet is compressed in itself.`,
    );
  const encoding = encodingOf(content);
  const text = decodeHead(content, encoding);
  if (/^\s*\{/.test(text)) return { kind: "jsonl", gzip };
  if (/^\s*\[\s*\{/.test(text))
    throw new AppError("invalid", `${name} is one JSON array. Write one object per line (JSON lines) instead.`);
  if (hasControls(text)) throw new AppError("invalid", `${name} is neither CSV, JSON lines nor Parquet.`);
  return csvDialect(text, gzip, encoding, name, content.length >= headBytes);
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(buffer, 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function gunzipHead(head: Buffer, name: string): Buffer {
  try {
    // The head ends in the middle of the stream, which is no error here; landing checks the whole stream.
    return gunzipSync(head.subarray(0, gzipHeadBytes), { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, headBytes);
  } catch (error) {
    throw new AppError("invalid", `${name} is corrupt: the gzip does not unpack. Download it again.`, {
      internal: String(error),
    });
  }
}

function encodingOf(content: Buffer): CsvDialect["encoding"] {
  if (content[0] === 0xff && content[1] === 0xfe) return "utf-16le";
  if (content[0] === 0xfe && content[1] === 0xff) return "utf-16be";
  const sample = content.subarray(0, 4096);
  const zeros = { even: 0, odd: 0 };
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2 === 0 ? "even" : "odd"] += 1;
  if (zeros.odd > sample.length / 4) return "utf-16le";
  if (zeros.even > sample.length / 4) return "utf-16be";
  try {
    // A character may be cut at the end of the head.
    new TextDecoder("utf-8", { fatal: true }).decode(content.subarray(0, Math.max(0, content.lastIndexOf(10))));
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

function decodeHead(content: Buffer, encoding: CsvDialect["encoding"]): string {
  return new TextDecoder(encoding).decode(content).replace(/^\uFEFF/, "");
}

function hasControls(text: string): boolean {
  // The header tells: a value further on may hold anything.
  return /[\u0000-\u0008\u000e-\u001a]/.test(text.slice(0, 4096).split(/[\r\n]/, 1)[0]!);
}

function csvDialect(
  text: string,
  gzip: boolean,
  encoding: CsvDialect["encoding"],
  name: string,
  isCut: boolean,
): CsvDialect {
  const delimiter = ([",", ";", "\t", "|"] as const)
    .map((candidate) => ({ candidate, count: headerFields(text, candidate).length }))
    .toSorted((a, b) => b.count - a.count)[0]!.candidate;
  const columns = headerFields(text, delimiter);
  if (columns.length > columnsMax)
    throw new AppError("invalid", `${name} has more than ${columnsMax} columns in its first line. That is no bill.`);
  if (isCut && !text.includes("\n"))
    throw new AppError("invalid", `${name} has no line break in its first megabyte. That is no bill.`);
  if (columns.every((column) => column.trim() === ""))
    throw new AppError("invalid", `${name} has no header: line 1 is empty.`);
  if (columns.some((column) => /^-?\d+([.,]\d+)?$/.test(column.trim()))) {
    throw new AppError(
      "invalid",
      `${name} has no header: line 1 holds the value ${columns.find((column) => /^-?\d/.test(column.trim()))}. Add a first line with column names.`,
    );
  }
  const twice = columns.find((column, index) => column.trim() !== "" && columns.indexOf(column) !== index);
  if (twice !== undefined)
    throw new AppError("invalid", `${name} has the column "${twice}" twice in line 1. Rename or remove one of them.`);
  return { kind: "csv", gzip, encoding, delimiter, columns };
}

/** The fields of the first record, quotes and all. */
function headerFields(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let index = 0; index < text.length && fields.length <= columnsMax; index++) {
    const char = text[index]!;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[index + 1] === '"') field += text[++index]!;
      else quoted = false;
    } else if (char === '"' && field === "") quoted = true;
    else if (char === delimiter) {
      fields.push(field.trim());
      field = "";
    } else if (char === "\n" || char === "\r") break;
    else field += char;
  }
  fields.push(field.trim());
  return fields;
}

function startsWith(buffer: Buffer, magic: string): boolean {
  return buffer.subarray(0, magic.length).toString("latin1") === magic;
}
