import { type Clock, systemClock } from "@finops/kernel/clock";
import type { Database } from "../db/database.ts";
import type { FileStore } from "../files/file-store.ts";
import type { Host } from "../host.ts";
import { createOutbox } from "../mail/outbox.ts";
import { silentLog } from "../observe/log.ts";

export interface TestHostParts {
  db: Database;
  clock?: Clock;
  /** A test that stores files brings its store; any other gets one that refuses. */
  files?: FileStore;
}

/** A host for tests, of real parts where the test has them. */
export function createTestHost({ db, clock = systemClock, files = noFiles }: TestHostParts): Host {
  return {
    db,
    clock,
    files,
    log: silentLog,
    mail: createOutbox({ clock, print: () => {} }),
    baseUrl: "http://localhost:3000",
    // No domain is anybody's; a test of domains brings its own name server.
    domains: { listTexts: () => Promise.resolve([]) },
    companyCreation: "owners",
  };
}

const noFiles: FileStore = new Proxy({} as FileStore, {
  get(_, method) {
    throw new Error(`This test has no file store, and something calls ${String(method)}.`);
  },
});
