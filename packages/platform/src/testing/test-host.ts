import { type Clock, systemClock } from "@finops/kernel/clock";
import type { Database } from "../db/database.ts";
import type { FileStore } from "../files/file-store.ts";
import type { Host } from "../host.ts";
import { createOutbox } from "../mail/outbox.ts";
import type { SignInSetup } from "../identity/oidc/providers.ts";
import { createNodeSaml } from "../identity/saml/node-saml.ts";
import { createOutsideFetch } from "../network/outside-fetch.ts";
import { silentLog } from "../observe/log.ts";
import { noTelemetry, type Telemetry } from "../observe/telemetry.ts";
import { createEnvelopeVault } from "../secrets/envelope-vault.ts";
import { newMasterKey } from "../secrets/master-keys.ts";

export interface TestHostParts {
  db: Database;
  clock?: Clock;
  /** A test that stores files brings its store; any other gets one that refuses. */
  files?: FileStore;
  signIn?: SignInSetup;
  telemetry?: Telemetry;
}

// One for all hosts of a test run, so that two of them on one database know each other's secrets.
const masterKey = newMasterKey();

/** A host for tests, of real parts where the test has them. */
export function createTestHost(parts: TestHostParts): Host {
  const { db, clock = systemClock, files = noFiles, signIn = none, telemetry = noTelemetry } = parts;
  return {
    db,
    clock,
    files,
    log: silentLog,
    telemetry,
    mail: createOutbox({ clock, print: () => {} }),
    vault: createEnvelopeVault(db, () => [masterKey]),
    signIn,
    outside: { isHttpAllowed: false, fetch: createOutsideFetch({ isInsideAllowed: false }) },
    slack: null,
    saml: createNodeSaml(),
    baseUrl: "http://localhost:3000",
    // No domain is anybody's; a test of domains brings its own name server.
    domains: { listTexts: () => Promise.resolve([]) },
    companyCreation: "owners",
  };
}

const none: SignInSetup = {
  providers: [],
  isHttpAllowed: false,
  fetch: createOutsideFetch({ isInsideAllowed: false }),
};

const noFiles: FileStore = new Proxy({} as FileStore, {
  get(_, method) {
    throw new Error(`This test has no file store, and something calls ${String(method)}.`);
  },
});
