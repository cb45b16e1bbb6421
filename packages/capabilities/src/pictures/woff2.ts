import { brotliDecompressSync } from "node:zlib";

/** The tags that a directory names by their place (https://www.w3.org/TR/WOFF2/#table_dir_format). */
const knownTags =
  "cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill"
    .split(" ")
    .map((tag) => tag.replace("_", " "));

interface Table {
  tag: string;
  content: Uint8Array;
}

/**
 * The OpenType font in a WOFF2 file whose tables are stored as they are, as those with CFF outlines are: opened so, it is read in
 * milliseconds, while fontkit's own Brotli takes a second or more for a Chinese one, anew for each document.
 * @throws Error for a file with transformed tables
 */
export function openTypeOf(woff2: Buffer): Buffer {
  if (woff2.toString("latin1", 0, 4) !== "wOF2") throw new Error("This is no WOFF2 file.");
  const [flavor, count, compressed] = [woff2.readUInt32BE(4), woff2.readUInt16BE(12), woff2.readUInt32BE(20)];
  let at = 48;
  const lengths: { tag: string; length: number }[] = [];
  for (let index = 0; index < count; index += 1) {
    const flags = woff2[at++]!;
    let tag = knownTags[flags & 0x3f];
    if (tag === undefined) tag = woff2.toString("latin1", at, (at += 4));
    if (flags >> 6 !== 0 || tag === "glyf" || tag === "loca") throw new Error(`The table ${tag} is transformed.`);
    let length = 0;
    // Seven bits a byte, the highest first, until one has no mark.
    for (let byte = 0x80; byte & 0x80; length = length * 128 + (byte & 0x7f)) byte = woff2[at++]!;
    lengths.push({ tag, length });
  }
  const all = brotliDecompressSync(woff2.subarray(at, at + compressed));
  let start = 0;
  return toOpenType(
    flavor,
    lengths.map(({ tag, length }) => ({ tag, content: all.subarray(start, (start += length)) })),
  );
}

/** Tables in a file of their own (https://learn.microsoft.com/typography/opentype/spec/otff). Nobody who reads it here asks for sums. */
function toOpenType(flavor: number, tables: readonly Table[]): Buffer {
  const headBytes = 12 + 16 * tables.length;
  const padded = ({ content }: Table) => Math.ceil(content.length / 4) * 4;
  const font = Buffer.alloc(tables.reduce((sum, table) => sum + padded(table), headBytes));
  font.writeUInt32BE(flavor, 0);
  font.writeUInt16BE(tables.length, 4);
  let offset = headBytes;
  for (const [index, table] of tables.toSorted((a, b) => (a.tag < b.tag ? -1 : 1)).entries()) {
    const entry = 12 + 16 * index;
    font.write(table.tag, entry, "latin1");
    font.writeUInt32BE(offset, entry + 8);
    font.writeUInt32BE(table.content.length, entry + 12);
    font.set(table.content, offset);
    offset += padded(table);
  }
  return font;
}
