import type { LiveTopic } from "./topics.ts";

/** The newest state of one thing that changed. */
export interface LiveEvent {
  /** Grows with each change within a company; text, because it outgrows a number. */
  position: string;
  topic: LiveTopic;
  key: string;
  at: string;
  body: Readonly<Record<string, unknown>>;
}

export interface LiveBatch {
  /** In the order of their positions; several changes of one thing come as its last. */
  events: readonly LiveEvent[];
  /** Where to go on from. */
  position: string;
  /** True when the reader's position is not one of this company's history, as after a restore: it must read everything anew. */
  isReset: boolean;
}

/**
 * How a process learns of changes. The table is the truth and is read by position; what differs between hosts is who wakes
 * the readers (notices.ts): PostgreSQL on one box, Redis or a Durable Object where many processes serve one company.
 */
export interface LiveEvents {
  /** What changed after a position. `after: null` asks for the present position alone. */
  read(tenantId: string, after: string | null, topics: readonly LiveTopic[]): Promise<LiveBatch>;
  /** Calls back when something may have changed in a company, or who may read it; never tells what. Returns what ends it. */
  wake(tenantId: string, onWake: (because: "changed" | "access") => void): Promise<() => void>;
}
