import type { Database } from "../db/database.ts";

/** @param tenantId null: perhaps of every company, as notices may have been missed */
export type OnNotice = (because: "changed" | "access", tenantId: string | null) => void;

/** Who says that something changed in a company, or who may read it; never what. */
export interface Notices {
  /** Calls back from now on. Returns what ends it. */
  listen(onNotice: OnNotice): Promise<() => void>;
}

/** Notices as PostgreSQL sends them; one connection hears those of all companies. */
export function createDatabaseNotices(db: Database): Notices {
  return {
    async listen(onNotice) {
      const stops = await Promise.all([
        db.listen("live_event", (tenantId) => onNotice("changed", tenantId)),
        db.listen("access_changed", (tenantId) => onNotice("access", tenantId)),
      ]);
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
