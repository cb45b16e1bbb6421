import type { ChartData } from "../pictures/index.ts";

/** What a mail and a PDF say, with every figure as people read it: one text of it for both, so that they cannot differ. */
export interface ReportDocument {
  title: string;
  company: string;
  /** Whose view it is, what it waited for, and what else a reader must know. */
  notes: readonly string[];
  /** Where it is told whole. */
  url: string;
  at: string;
  /** The data that it was read from. */
  data: string;
  sections: readonly Section[];
}

/** What is had by a link, since a mail has no room for it. */
export interface FileLink {
  text: string;
  url: string;
}

export type Section =
  | { kind: "text"; text: string }
  | { kind: "figures"; title: string; about: string; figures: readonly PrintedFigure[] }
  | { kind: "chart"; title: string; about: string; chart: ChartData }
  | { kind: "table"; title: string; about: string; table: PrintedTable }
  | { kind: "missing"; title: string; about: string; reason: string };

export interface PrintedFigure {
  label: string;
  /** Null where it is missing. */
  value: string | null;
  missing: string | null;
  /** Against what it is held; null where it is held against nothing. */
  change: string | null;
}

export interface PrintedTable {
  columns: readonly { label: string; isFigure: boolean }[];
  rows: readonly (readonly string[])[];
  total: readonly string[] | null;
  /** Why some of it is missing, and how much is left out. */
  notes: readonly string[];
}

/** Stands where a figure is missing; the reason stands beside or below. */
export const missingMark = "–";

/** A text on one line without what turns or hides text, whatever a name holds. */
export function oneLine(text: string, max = 200): string {
  const line = text
    .replaceAll(/\p{Surrogate}/gu, "\uFFFD")
    .replaceAll(/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, "")
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  const signs = Array.from(line);
  return signs.length > max ? `${signs.slice(0, max - 1).join("")}…` : line;
}

/** The figures of a document, one on each line: what a chat shows of it. */
export function figureLines(
  { notes, sections }: Pick<ReportDocument, "notes" | "sections">,
  links: readonly FileLink[],
): string[] {
  const figures = sections.flatMap((section) => {
    if (section.kind === "missing") return [`${section.title}: ${section.reason}`];
    if (section.kind !== "figures") return [];
    return [`${section.title}, ${section.about}`, ...section.figures.map(figureLine)];
  });
  return [...notes, ...figures, ...links.map(linkLine)];
}

export function linkLine({ text, url }: FileLink): string {
  return `${text} ${url}`;
}

export function figureLine({ label, value, missing, change }: PrintedFigure): string {
  return `${label}: ${value ?? `${missingMark} (${missing ?? "It cannot be told."})`}${change === null ? "" : `, ${change}`}`;
}
