import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import type { Day } from "@finops/kernel/period";
import { awsWriter } from "./aws/write-aws.ts";
import { azureWriter } from "./azure/write-azure.ts";
import type { BillKind, BillTruth } from "./bill-truth.ts";
import { BillDatabase } from "./database.ts";
import type { Delivery, FormatWriter, Part } from "./deliveries.ts";
import { focusWriter } from "./focus/write-focus.ts";
import { gcpWriter } from "./gcp/write-gcp.ts";
import type { BillMonth, Calendar } from "./plan/calendar.ts";
import { accounts } from "./plan/company.ts";
import { type BillPlan, type FormatPlan, billKinds, planBills } from "./plan/plan-bills.ts";
import { linesPerUse } from "./plan/stream.ts";
import { Random } from "./plan/random.ts";
import { readTruth } from "./read-truth.ts";
import { TruthLedger } from "./truth-ledger.ts";
import { loadPlan, makeUses } from "./usage-facts.ts";

export interface GenerateBillsInput {
  /** Data rows over all files, within 2 percent. 14 months of all formats need about 30,000 at least. */
  rows: number;
  /** The same seed gives the same bills. */
  seed: string | number;
  /** An empty or new folder. */
  outDir: string;
  /** The last month (`2026-10`), or the last billed day, so that the last month is still open. */
  endMonth: Day;
  formats?: readonly BillKind[];
  months?: number;
  /** Longer months are cut into several files, by days. */
  rowsPerFile?: number;
  onProgress?: (progress: { rowsWritten: number; rowsWanted: number; folder: string }) => void;
  signal?: AbortSignal;
}

/** What one file holds, and what has to fit in memory at a time. */
const rowsPerFileDefault = 200_000;

/** Up to so many, threads spend more on waiting for each other than they save: a quarter of the processor's time. */
const rowsForOneThread = 100_000;

/** Formats that are written at the same time. */
const formatsAtOnce = 2;

/**
 * Writes the bills of the invented company Harborline in the native formats of its providers, with truth.json beside them.
 * @returns the truth: exact sums of what stands in the files, and what was planted.
 * @throws invalid for an impossible order, conflict for a folder that is not empty.
 */
export async function generateBills(input: GenerateBillsInput): Promise<BillTruth> {
  const seed = String(input.seed);
  const plan = planBills({
    rows: input.rows,
    seed,
    end: input.endMonth,
    months: input.months ?? 14,
    formats: input.formats ?? billKinds,
  });
  await prepareFolder(input.outDir);
  const scratchDir = join(input.outDir, ".generating");
  await mkdir(scratchDir);
  // Where formats are written side by side, each keeps a core busy by itself.
  const isOneThread = input.rows <= rowsForOneThread || plan.formats.length >= formatsAtOnce;
  const db = await BillDatabase.open(scratchDir, isOneThread ? { threads: 1 } : {});
  const stop = () => db.interrupt();
  input.signal?.addEventListener("abort", stop);
  try {
    await new TruthLedger(db).open();
    await loadPlan(db, plan);
    const delivered = await writeDeliveries(db, plan, input);
    const truth = await readTruth(db, plan, delivered);
    await writeFile(join(input.outDir, "truth.json"), JSON.stringify(truth));
    return truth;
  } finally {
    input.signal?.removeEventListener("abort", stop);
    db.close();
    await rm(scratchDir, { recursive: true, force: true });
  }
}

async function prepareFolder(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  if ((await readdir(outDir)).length > 0)
    throw new AppError("conflict", `The folder ${outDir} is not empty. Choose an empty folder for the bills.`);
}

/** Deliveries in the order of the plan, whichever were written first. */
async function writeDeliveries(db: BillDatabase, plan: BillPlan, input: GenerateBillsInput): Promise<Delivered[]> {
  const failed = new AbortController();
  const signal = input.signal === undefined ? failed.signal : AbortSignal.any([input.signal, failed.signal]);
  let rowsWritten = 0;
  const onRows = (rows: number, folder: string) => {
    rowsWritten += rows;
    input.onProgress?.({ rowsWritten, rowsWanted: input.rows, folder });
  };
  const written = new Map<FormatPlan, Delivered[]>();
  const waiting = plan.formats.values();
  const writeNext = async () => {
    for (const format of waiting) {
      const branch = await db.branch(format.kind);
      written.set(format, await writeFormat(branch, plan, format, { ...input, signal }, onRows));
    }
  };
  const lanes = Array.from({ length: formatsAtOnce }, () =>
    writeNext().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  // None may still write when the database is closed.
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
  return plan.formats.flatMap((format) => written.get(format)!);
}

interface Delivered {
  delivery: Delivery;
  files: string[];
}

async function writeFormat(
  db: BillDatabase,
  plan: BillPlan,
  format: FormatPlan,
  { outDir, rowsPerFile = rowsPerFileDefault, signal }: GenerateBillsInput,
  onRows: (rows: number, folder: string) => void,
): Promise<Delivered[]> {
  const writer = await writerOf(db, new TruthLedger(db), format, plan.seed);
  const delivered: Delivered[] = [];
  let finishing: Promise<void> = Promise.resolve();
  for (const month of plan.calendar.months) {
    for (const delivery of deliveriesOf(format, month, plan.calendar, outDir)) {
      await mkdir(delivery.path, { recursive: true });
      await writer.beginMonth(delivery);
      const files: string[] = [];
      let rows = 0;
      for (const part of partsOf(format, delivery, rowsPerFile)) {
        signal?.throwIfAborted();
        const late = delivery.isIncomplete ? { services: format.lateServices, fromIndex: month.toIndex - 3 } : null;
        await makeUses(db, {
          kind: format.kind,
          provider: delivery.provider,
          fromIndex: part.fromIndex,
          toIndex: part.toIndex,
          seed: new Random(plan.seed).integer(2 ** 31),
          late,
        });
        const written = await writer.writePart(delivery, part);
        rows += written.rows;
        await finishing;
        finishing = written.finish ?? Promise.resolve();
        files.push(...written.files);
      }
      const manifests = await writer.endMonth(delivery, files);
      delivered.push({ delivery, files: [...files, ...manifests] });
      onRows(rows, delivery.folder);
    }
  }
  await finishing;
  return delivered;
}

function writerOf(db: BillDatabase, ledger: TruthLedger, format: FormatPlan, seed: string): Promise<FormatWriter> {
  if (format.kind === "azure") return azureWriter(db, ledger, format);
  if (format.kind === "gcp") return gcpWriter(db, ledger, format);
  if (format.kind === "focus-1.2") return focusWriter(db, ledger, format);
  return awsWriter(db, ledger, format, seed);
}

/** A month is delivered once; a restated one twice; every FOCUS vendor delivers for itself. */
function deliveriesOf(format: FormatPlan, month: BillMonth, calendar: Calendar, outDir: string): Delivery[] {
  const { kind } = format;
  const providers = [...new Set(accounts.filter((account) => account.kind === kind).map(({ provider }) => provider))];
  const lastDay = calendar.days.at(-1)!;
  const isOpen = month.index === calendar.months.length - 1 && month.toIndex - month.fromIndex < lastDay.daysInMonth;
  const isTwice = month === format.restatedMonth;
  return providers.flatMap((provider) =>
    (isTwice ? [false, true] : [false]).map((isRestated): Delivery => {
      const folder =
        kind === "focus-1.2"
          ? `${kind}/${provider.toLowerCase()}`
          : `${kind}${isRestated ? "-restated" : ""}/${month.label}`;
      return {
        id: kind === "focus-1.2" ? `${folder}/${month.label}` : folder,
        kind,
        provider,
        month,
        folder,
        path: join(outDir, folder),
        isRestated,
        isIncomplete: isTwice && !isRestated,
        isOpen,
      };
    }),
  );
}

/** Cuts the month into days that make about one file each. */
function partsOf(format: FormatPlan, delivery: Delivery, rowsPerFile: number): Part[] {
  const { fromIndex, toIndex } = delivery.month;
  const days = toIndex - fromIndex;
  const perDay = format.streams.reduce(
    (total, stream) => total + (stream.slots * linesPerUse(stream)) / stream.stride,
    0,
  );
  const daysPerPart = Math.max(1, Math.min(days, Math.floor(rowsPerFile / perDay)));
  const count = Math.ceil(days / daysPerPart);
  return Array.from({ length: count }, (_, index) => {
    const from = fromIndex + index * daysPerPart;
    return {
      number: index + 1,
      fromIndex: from,
      toIndex: Math.min(toIndex, from + daysPerPart),
      isLast: index === count - 1,
    };
  });
}
