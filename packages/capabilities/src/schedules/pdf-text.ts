import { letter, type Letters, outlinesOf, type Weight } from "../pictures/on-node.ts";
import { oneLine } from "./document.ts";

type Pdf = PDFKit.PDFDocument;

/** Size in points. */
export interface Look {
  size: number;
  font?: Weight;
  colour?: string;
  /** Of the paragraph that a line is of; left out, its first letter decides. */
  direction?: "ltr" | "rtl";
}

interface Place {
  x: number;
  /** Of the line's upper end. */
  y: number;
}

/** Where DejaVu's letters stand below a line's upper end, and how high a line is, of the size of its letters. */
const [ascent, lineHeight] = [0.928, 1.164];
/** Whole stretches are laid out, not words of them: words from the right stand in their own order. */
const features: PDFKit.Mixins.OpenTypeFeatures[] = [];
const ink = "#1a1b1e";

/** How wide a line of text is, in points. */
export function widthOfLine(doc: Pdf, text: string, look: Look): number {
  return placed(doc, text, look).width;
}

/** Prints a line of text, whatever its letters and their direction. */
export function drawLine(doc: Pdf, text: string, { x, y }: Place, look: Look & { link?: string }): void {
  const { size, colour = ink, link } = look;
  let at = x;
  for (const { draw, width } of placed(doc, text, look).parts) {
    doc.fillColor(colour);
    draw(at, y + ascent * size, link);
    at += width;
  }
}

/** Prints text over as many lines and pages as it takes, and goes on below it. Text from the right begins at the right. */
export function writeText(doc: Pdf, text: string, look: Look & { bottom: number }): void {
  const { left, right } = doc.page.margins;
  const room = doc.page.width - left - right;
  const height = lineHeight * look.size;
  for (const paragraph of text.split("\n").map((one) => oneLine(one, 5000))) {
    const { isFromRight } = letter(paragraph, "plain");
    const lineLook = { ...look, direction: isFromRight ? "rtl" : "ltr" } as const;
    for (const line of wrap(doc, paragraph, room, lineLook)) {
      if (doc.y + height > look.bottom) doc.addPage();
      const y = doc.y;
      const indent = isFromRight ? room - widthOfLine(doc, line, lineLook) : 0;
      drawLine(doc, line, { x: left + indent, y }, lineLook);
      [doc.x, doc.y] = [left, y + height];
    }
  }
}

/** As much of a line as there is room for. */
export function cutLine(doc: Pdf, text: string, room: number, look: Look): string {
  if (widthOfLine(doc, text, look) <= room) return text;
  const signs = Array.from(text);
  let [fits, tooMany] = [0, signs.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (widthOfLine(doc, `${signs.slice(0, middle).join("")}…`, look) <= room) fits = middle;
    else tooMany = middle;
  }
  return `${signs.slice(0, fits).join("")}…`;
}

interface Part {
  width: number;
  /** On its base line. */
  draw: (x: number, y: number, link?: string) => void;
}

function placed(doc: Pdf, text: string, { size, font = "plain", direction }: Look): { parts: Part[]; width: number } {
  const parts = letter(text, font, direction).letters.map((one) =>
    one.face.isEmbedded ? embedded(doc, one, size) : outlined(doc, one, size),
  );
  return { parts, width: parts.reduce((sum, { width }) => sum + width, 0) };
}

function embedded(doc: Pdf, { face, text }: Letters, size: number): Part {
  const choose = () => doc.registerFont(face.name, face.file()).font(face.name).fontSize(size);
  const options = { lineBreak: false, baseline: "alphabetic", features } as const;
  return {
    width: choose().widthOfString(text, { features }),
    draw: (x, y, link) => choose().text(text, x, y, link === undefined ? options : { ...options, link }),
  };
}

/** As shapes, which say what they are to who reads or copies. */
function outlined(doc: Pdf, one: Letters, size: number): Part {
  const { shapes, width } = outlinesOf(one, size);
  const draw = (x: number, y: number) => {
    doc.markContent("Span", { actual: one.text });
    for (const shape of shapes)
      doc
        .save()
        .translate(x + shape.x, y + shape.y)
        .scale(shape.scale, -shape.scale)
        .path(shape.path)
        .fill()
        .restore();
    doc.endMarkedContent();
  };
  return { width, draw };
}

const words = new Intl.Segmenter("en", { granularity: "word" });
/** Written without spaces: a line may end behind any word of it, a sign of punctuation stays with what it ends. */
const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

function wrap(doc: Pdf, text: string, room: number, look: Look): string[] {
  const fits = (line: string) => widthOfLine(doc, line.trimEnd(), look) <= room;
  const lines: string[] = [];
  let line = "";
  for (const piece of piecesOf(text).flatMap((one) => (fits(one) ? [one] : Array.from(one)))) {
    if (line !== "" && !fits(line + piece)) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

/** Where a line may end is between two of these. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const { segment, isWordLike = false } of words.segment(text)) {
    const before = pieces.at(-1);
    const mayBreak =
      before === undefined ||
      (/\s$/.test(before) && segment.trim() !== "") ||
      (isWordLike && (spaceless.test(segment) || spaceless.test(before)));
    if (mayBreak) pieces.push(segment);
    else pieces[pieces.length - 1] = before + segment;
  }
  return pieces;
}
