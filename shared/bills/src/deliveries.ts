import type { BillKind } from "./bill-truth.ts";
import type { BillMonth } from "./plan/calendar.ts";

/** One month of one format, as the provider delivers it into one folder. */
export interface Delivery {
  id: string;
  kind: BillKind;
  provider: string;
  month: BillMonth;
  folder: string;
  path: string;
  /** The second delivery of a month that was restated. */
  isRestated: boolean;
  /** The first delivery of a month that will be restated: its last days are incomplete. */
  isIncomplete: boolean;
  /** The month is not over yet, so there is no invoice. */
  isOpen: boolean;
}

export interface Part {
  /** From 1. */
  number: number;
  fromIndex: number;
  toIndex: number;
  isLast: boolean;
}

export interface WrittenPart {
  rows: number;
  files: string[];
  /** Work on the files that goes on while the next part is made, such as compressing them. */
  finish?: Promise<void>;
}

/** What a format does with table `uses`, which holds the part's days when writePart is called. */
export interface FormatWriter {
  beginMonth(delivery: Delivery): Promise<void>;
  writePart(delivery: Delivery, part: Part): Promise<WrittenPart>;
  /** Writes manifests; gives their names. */
  endMonth(delivery: Delivery, files: string[]): Promise<string[]>;
}
