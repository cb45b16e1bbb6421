import { inflateRawSync } from "node:zlib";
import type { Answer, Company } from "./two-companies.ts";

/** A text that one company has and the other has not, with where it was seen. */
export interface ForeignText {
  /** The operation and the field, such as `GET /api/v1/views#views.id`. */
  kind: string;
  value: string;
}

/** Looks for anything of a company in an answer to another one. */
export interface ForeignSearch {
  /** What was found, each once; what the request itself said is no finding. */
  find(answer: Answer, sent?: readonly string[]): string[];
}

/** Names and ids are long, amounts have many digits; what is shorter stands in the answers of anybody. */
const lengthMin = 7;

export function createForeignSearch(company: Company, texts: readonly ForeignText[]): ForeignSearch {
  const words = [company.word, company.tenantId, company.userId];
  const whole = new Set(texts.map(({ value }) => value).filter((value) => isTelling(value)));
  return {
    find(answer, sent = []) {
      const said = [...readable(answer), JSON.stringify(Object.fromEntries(answer.headers))]
        .map((text) => withoutSent(text, sent))
        .join("\n");
      const found = words.filter((word) => said.includes(word));
      for (const part of said.split(/[^\w.@:/-]+/)) {
        const token = part.replaceAll(/^[.:/-]+|[.:/-]+$/g, "");
        if (whole.has(token)) found.push(token);
      }
      return [...new Set(found)];
    },
  };
}

function isTelling(value: string): boolean {
  const isInstant = /^\d{4}-\d{2}-\d{2}/.test(value);
  return value.length >= lengthMin && !isInstant && !/\s/.test(value) && (!/^\d+$/.test(value) || value.length > 9);
}

/** The answer without what the request said, in the ways in which an answer repeats it. */
export function withoutSent(text: string, sent: readonly string[]): string {
  let left = text;
  for (const value of sent) {
    const fileName = value.replaceAll("/", "-");
    const forms = [
      value,
      JSON.stringify(value).slice(1, -1),
      encodeURIComponent(value),
      value.toLowerCase(),
      encodeURIComponent(fileName),
      fileName.replaceAll(/[^\w. -]/g, "_"),
    ];
    // A number of few digits stands in anything; only alone it is what was sent.
    for (const form of value.length < 4 ? [`"${value}"`] : forms) left = left.replaceAll(form, "<sent>");
  }
  return left;
}

/** The texts of an answer; those of a zip or a workbook are unpacked. */
export function readable({ bytes, text }: Pick<Answer, "bytes" | "text">): string[] {
  return text.startsWith("PK") ? unzip(bytes) : [text];
}

/** The files of a zip, by its central directory (APPNOTE 4.3.12). */
function unzip(bytes: Uint8Array): string[] {
  const zip = Buffer.from(bytes);
  const files: string[] = [];
  for (let at = zip.indexOf("PK\x01\x02"); at !== -1; at = zip.indexOf("PK\x01\x02", at + 4)) {
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    files.push((zip.readUInt16LE(at + 10) === 0 ? content : inflateRawSync(content)).toString());
  }
  return files;
}

/** Every text of an answer, with the field that it stands in. */
export function textsOf(name: string, answer: unknown, path = ""): ForeignText[] {
  if (typeof answer === "string") return [{ kind: `${name}#${path}`, value: answer }];
  if (typeof answer !== "object" || answer === null) return [];
  return Object.entries(answer).flatMap(([key, value]) =>
    textsOf(name, value, Array.isArray(answer) ? path : `${path}.${key}`),
  );
}
