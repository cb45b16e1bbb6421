import { formatBytes } from "@finops/kernel/format-figure";
import type { MailAttachment } from "@finops/platform/mail/mail";
import type { Context } from "@finops/platform/tenancy/context";
import type { Exporter } from "../exports/index.ts";
import type { FileLink, ReportDocument } from "./document.ts";
import { chartId } from "./mail-html.ts";
import type { Printer } from "./printer.ts";
import type { TakenRun } from "./take-run-service.ts";
import type { ToldGroups, ToldTable } from "./told-table.ts";

/** With base64 they are a mail of ten megabytes, which the mail servers of most companies take. */
const filesBytesMax = 7_500_000;

export interface MailFiles {
  attachments: readonly MailAttachment[];
  notes: readonly string[];
  /** For the tables of `linked`, in their order. */
  links: readonly FileLink[];
  linked: readonly ToldGroups[];
}

interface FileParts {
  printer: Printer;
  exporter: Exporter;
}

/** What hangs on a mail, as far as there is room; a table that there is none for is had by a link. */
export async function filesOf(
  ctx: Context,
  { printer, exporter }: FileParts,
  document: ReportDocument,
  { run, definition: { forms } }: Pick<TakenRun, "run" | "definition">,
  tables: readonly ToldTable[],
  signal?: AbortSignal,
): Promise<MailFiles> {
  const stem = fileStem(document.title);
  const [attachments, notes, links, linked]: [MailAttachment[], string[], FileLink[], ToldGroups[]] = [[], [], [], []];
  let room = filesBytesMax;
  const attach = (file: MailAttachment) => {
    if (file.content.byteLength > room)
      return notes.push(`${file.fileName} is too large for a mail; it can be had where the link leads.`);
    room -= file.content.byteLength;
    return attachments.push(file);
  };
  const chart = document.sections.find((section) => section.kind === "chart");
  if (forms.chart && chart !== undefined)
    attach({
      fileName: `${stem}.png`,
      contentType: "image/png",
      content: printer.png(chart.chart),
      contentId: chartId,
    });
  if (forms.pdf)
    attach({ fileName: `${stem}.pdf`, contentType: "application/pdf", content: await printer.pdf(document) });
  for (const [at, table] of (forms.csv ? tables : []).entries()) {
    const name = tables.length === 1 ? stem : `${stem}-${at + 1}-${fileStem(table.name)}`;
    const fileName = `${name}.csv`;
    const csv =
      "csv" in table
        ? { content: new TextEncoder().encode(table.csv) }
        : await readCsv(ctx, exporter, table, name, room, signal);
    if ("content" in csv) attach({ fileName, contentType: "text/csv; charset=utf-8", content: csv.content });
    else if (!("csv" in table)) {
      linked.push({ ...table, name });
      links.push({
        text: `${fileName} is too large for a mail: it has ${formatBytes(csv.bytes)}. Who signs in and may export costs gets all of its rows, as far as they may see them.`,
        url: `${ctx.host.baseUrl}/reports/schedules?file=${run.id}.${linked.length}`,
      });
    }
  }
  if (forms.csv && tables.length === 0) notes.push("There is no table to send as CSV.");
  return { attachments, notes, links, linked };
}

/** All rows as an export writes them, or how many bytes they have where there is no room for so many. */
async function readCsv(
  ctx: Context,
  exporter: Exporter,
  { query, position }: ToldGroups,
  fileName: string,
  room: number,
  signal: AbortSignal | undefined,
): Promise<{ content: Uint8Array } | { bytes: number }> {
  const what = { kind: "query" as const, query };
  const { bytes, body } = await exporter.download(ctx, { what, format: "csv", fileName }, { signal, position });
  if (bytes !== null && bytes > room) {
    await body.cancel();
    return { bytes };
  }
  return { content: new Uint8Array(await new Response(body).arrayBuffer()) };
}

export function fileStem(name: string): string {
  const stem = name.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-+|-+$/g, "");
  return stem === "" ? "costs" : Array.from(stem.toLowerCase()).slice(0, 60).join("");
}
