import { zero } from "@finops/kernel/decimal";
import { addDays, type Day } from "@finops/kernel/period";
import type { Condition } from "./contract.ts";
import type { Finding } from "./observe-costs.ts";

export interface Failed {
  at: string;
  message: string;
}

/** What there is to know of the platform itself: its work, and what lets programs in. Undefined where nobody can tell. */
export interface OperationsFacts {
  /** The last import that ended, if it failed. */
  failedImport: Failed | null | undefined;
  /** Of each other kind of work the last that ended, if it failed. */
  failedJobs: readonly (Failed & { kind: string })[] | undefined;
  /** API keys that end by themselves, of people and of service accounts; those that were revoked are none. */
  credentials: readonly { id: string; name: string; expiresOn: Day }[] | undefined;
}

/** What has run out is told for so long: by then nobody misses it. */
const expiredDays = 30;

/** As people call it; what has no name here is called what it is. */
const jobWords: Readonly<Record<string, string>> = {
  "demo-data": "Making demo data",
  "evaluate-budgets": "Working out budgets",
  "send-schedules": "Sending what is scheduled",
  "company-export": "Exporting the company",
};

export function observeImport(failed: Failed | null): Finding {
  return {
    subject: "failed-import",
    title: "Import failed",
    message: failed === null ? "The last import went well." : `Import failed at ${failed.at}: ${failed.message}`,
    level: failed === null ? "under" : "over",
    filter: null,
    weight: zero,
  };
}

export function observeJobs(failed: NonNullable<OperationsFacts["failedJobs"]>): Finding[] {
  return failed.map(({ kind, at, message }) => {
    const title = jobWords[kind] ?? `Work of the kind ${kind}`;
    return {
      subject: `failed-job ${kind}`,
      title,
      message: `${title} failed at ${at}: ${message}`,
      level: "over",
      filter: null,
      weight: zero,
    };
  });
}

/** A key is told of while it ends within so many days, and some time after it ended. */
export function observeCredentials(
  { days }: Extract<Condition, { kind: "credential-expiring" }>,
  today: Day,
  credentials: NonNullable<OperationsFacts["credentials"]>,
): Finding[] {
  return credentials
    .filter(({ expiresOn }) => expiresOn <= addDays(today, days) && expiresOn > addDays(today, -expiredDays))
    .map(({ id, name, expiresOn }) => ({
      subject: `credential ${id}`,
      title: `API key ${name}`,
      message: `The API key ${name} ${expiresOn > today ? "ends" : "ended"} on ${expiresOn}. Make a new one, and put it where the old one is.`,
      level: "over",
      filter: null,
      weight: zero,
    }));
}
