import type { FocusColumnId } from "@finops/focus/columns";
import type { ContractCommitmentColumnId } from "@finops/focus/contract-commitment";

/** What is known of a file before it is read: its name, its columns, and its first rows as text. */
export interface BillHeader {
  fileName: string;
  container: "csv" | "parquet" | "jsonl";
  /** `type` is DuckDB's type for parquet and JSON, and VARCHAR for every column of a CSV. */
  columns: readonly RawColumn[];
  /** Up to 50 first rows, every value as text. */
  sample: readonly Record<string, string | null>[];
}

export interface RawColumn {
  name: string;
  type: string;
  /** Name in the raw relation, where it is not `name`: CSV headers may differ by case alone, SQL names may not. */
  physical?: string;
}

export interface Detection {
  /** 0 to 1; the highest wins. A provider's own columns give 0.9 and more, the generic formats stay below 0.6. */
  confidence: number;
  /** One sentence for people: what was recognised. */
  because: string;
  /** What part a file plays in a delivery of several kinds of files, such as `actual` and `amortized`. */
  role?: string;
}

/** One bill format: how a file of it is recognised, and how its rows become FOCUS rows. */
export interface BillFormat {
  id: string;
  label: string;
  connector: "aws" | "azure" | "gcp" | "oci" | "focus" | "csv";
  /** Contract commitments (FOCUS 1.3) are kept as a data set of their own. */
  dataset: "costs" | "contract-commitments";
  detect(header: BillHeader): Detection | null;
  /** The mapping may depend on the header (a FOCUS version, a user's own columns), never on the rows. */
  mapping(header: BillHeader): BillMapping;
  /**
   * True when deliveries of this format overlap, as re-exported GCP rows do: a row that stands identically in several files
   * counts as often as in the file that holds it most often, so that genuine twins within a file stay.
   */
  filesOverlap?: boolean;
}

/**
 * FOCUS column → SQL expression (DuckDB), over the canonical names of `inputs`, `steps` and `lookups`.
 *
 * Values of a decimal input are text in a CSV and DOUBLE or DECIMAL in parquet, and an expression passes them on as they
 * are: `CASE WHEN … THEN unblended_cost ELSE '0' END` is right for all three. Arithmetic goes through the macros
 * `exact_add(a, b)`, `exact_subtract(a, b)` and `exact_multiply(a, b)`, which work on decimals of 26 places and give text.
 */
export interface BillMapping {
  inputs: Record<string, InputColumn>;
  /** Columns that share a prefix, gathered into one JSON object of text values (empty ones left out): tags, mostly. */
  families?: Record<string, ColumnFamily>;
  /** Named intermediate values, in order; each may use those before it. */
  steps?: Record<string, string>;
  lookups?: readonly Lookup[];
  /**
   * Named values over inputs, steps, lookups and `twin`, in order; each may use those before it. Each is computed once, which
   * matters for `exact_multiply`, whose text multiplies when it is nested.
   */
  figures?: Record<string, string>;
  /**
   * For deliveries whose files of two roles state some charges twice: `key` is an expression over inputs and steps that is
   * equal in both statements of a charge, and NULL on rows that are stated once. `twin` is then TRUE on a row that has its other
   * statement in the files of the other role and FALSE on a row that has none; of n equal rows here and m there, min(n, m)
   * have it. It is NULL where the other role has no files, or none with a row of the same `scope`, such as the month: what is
   * not there at all states nothing. Not for `steps`, `lookups` or `derived`, which come before it.
   */
  twins?: { key: string; scope: string };
  /** Source rows that are left out, each by a rule that the import report lists with its rows and cost. */
  dropped?: readonly RowRule[];
  /** Rows that are made beside a source row. In `columns` their `part` is the rule's name; a source row's `part` is 'line'. */
  derived?: readonly DerivedRows[];
  /** Rows that cannot be mapped, each with an SQL expression for the reason that a person reads. */
  rejected?: readonly RejectRule[];
  /** What the source states as the cost of a row: a decimal expression over inputs and steps. The bridge starts from its sum. */
  rawCost: string;
  /** Which rule explains that a row's BilledCost differs from its raw cost; the first that holds. */
  bridge?: readonly RowRule[];
  /** Columns of the format's data set; one that is left out is NULL. */
  columns: Partial<Record<FocusColumnId | ContractCommitmentColumnId, string>>;
  /** Sentences that the import report repeats: what the bill does not say and was assumed or left unknown. */
  notes?: readonly string[];
  /** More sentences, for a delivery of which every file has this one role; the key '' is for files without a role. */
  notesOfOneRole?: Readonly<Record<string, readonly string[]>>;
  /** Columns of our own or of the provider, named `x_…`, kept as text. */
  extras?: Record<string, string>;
}

export type InputKind = "text" | "decimal" | "time" | "json" | "list" | "map" | "records";

export interface InputColumn {
  /**
   * Names that the column goes by in files, in order of preference; compared without case and surrounding space. A dotted
   * name, `service.description`, is a flattened column or else a field of the STRUCT or JSON column `service`.
   */
  names: readonly string[];
  /**
   * `json` and `list` are bound as JSON text in CSV and JSON lines; maps, structs and lists of parquet become JSON too.
   * `map` is an object of scalar values, bound as a MAP of text to text so that a key costs no parsing; NULL where the file has
   * none or it cannot be read.
   * `records` is a list of objects, bound as a list of structs of text with `fields`: empty where the file has none, NULL
   * where it cannot be read.
   */
  kind: InputKind;
  /** The fields of `records`. */
  fields?: readonly string[];
  /** A file without it is refused, unless the caller assumes a value. An optional column that is missing reads as NULL. */
  required?: boolean;
  /** The FOCUS column under which `--assume COLUMN=VALUE` gives this input a constant. */
  assume?: FocusColumnId;
  /** strptime formats to try after ISO 8601, for `time`. */
  formats?: readonly string[];
  /** A decimal of a text file that is written `1.234,56`. The mapping says so after a look at the header's sample. */
  decimalComma?: boolean;
}

export interface ColumnFamily {
  /** Columns whose name starts with it, without case; the key is the rest of the name. */
  prefix: string;
  /** SQL over `key`, a literal with the rest of the name, that gives the key under which the value is kept. */
  key?: (rest: string) => string;
}

/** A table of facts, joined by equality. `key` must be unique in the table. */
export interface Lookup {
  /** Name under which expressions use it: `service.category`. */
  as: string;
  table: FactTable;
  /** Pairs: column of the table = SQL expression over inputs and steps. */
  on: Record<string, string>;
}

export interface FactTable {
  name: string;
  columns: readonly string[];
  rows: readonly (readonly (string | null)[])[];
}

export interface RowRule {
  rule: string;
  when: string;
  about: string;
}

export interface DerivedRows extends RowRule {
  /** One row for each element of this list expression, available as `item`; without it, one row. */
  forEach?: string;
}

export interface RejectRule {
  when: string;
  /** SQL expression that gives the reason, with the offending value in it. */
  reason: string;
}
