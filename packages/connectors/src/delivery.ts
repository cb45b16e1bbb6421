/** A file that the user pointed at, by its path below the folder that was given. */
export interface ListedFile {
  path: string;
  bytes: number;
}

/** Reads a small file (a manifest) as text; refuses more than 16 MiB. */
export type ReadText = (path: string) => Promise<string>;

/** Files that a provider delivered together and that import as one: a CUR assembly, an Azure actual and amortized pair. */
export interface Delivery {
  /** What it is, for people: "CUR assembly 2f1c… of 2026-08". */
  label: string;
  files: readonly { path: string; role?: string }[];
  /** Files of the folder that must not be read, each with the reason: an older assembly, a manifest. */
  ignored: readonly { path: string; because: string }[];
  /** Files that the manifest names and the folder lacks: the import is refused with their names. */
  missing: readonly string[];
}

/**
 * Finds deliveries by a provider's manifests and folder layout. Files that no planner claims are grouped by their headers.
 * A planner claims only what it is sure of.
 */
export type PlanDeliveries = (files: readonly ListedFile[], readText: ReadText) => Promise<Delivery[]>;
