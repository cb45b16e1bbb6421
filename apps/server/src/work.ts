import { hostname } from "node:os";
import {
  alertsPool,
  askForDueAlerts,
  askForDueDeliveries,
  askForDueTelling,
  deliverAlertsJob,
  deliveriesPool,
  evaluateAlertsJob,
  readKeptDays,
  sweepDeliveries,
  tellAlertsJob,
} from "@finops/capabilities/alerts/index";
import { askForDueBudgets, budgetsPool, evaluateBudgetsJob } from "@finops/capabilities/budgets/index";
import { companyExportPool, proveDomainsAgain } from "@finops/capabilities/companies/index";
import { companyExportJob, removeDueCompanies } from "@finops/capabilities/companies/on-node";
import { askForDueSchedules, schedulesPool } from "@finops/capabilities/schedules/index";
import { createExporter } from "@finops/capabilities/exports/on-node";
import { printer, sendSchedulesJob } from "@finops/capabilities/schedules/on-node";
import { removeLeftUploads } from "@finops/capabilities/sources/index";
import { importJob, reprocessJob } from "@finops/capabilities/sources/on-node";
import { ringInFront } from "@finops/api/ring";
import { createDatabaseNotices } from "@finops/platform/events/notices";
import { startWorker } from "@finops/platform/jobs/worker";
import type { Logger } from "@finops/platform/observe/log";
import { sweep } from "@finops/pipeline/publish/sweep";
import type { ServerHost } from "./host-parts.ts";
import { demoDataJob } from "./import-demo.ts";
import { isEdgeInFront, readKeepStates } from "./process-settings.ts";

/** What a process works off, beside requests or without any. */
export interface Work {
  /** Takes nothing more, waits for what runs, and gives back what is not done by then. */
  stop(options: { graceMs: number }): Promise<void>;
}

const hourMs = 3_600_000;
const deliveriesMs = 15_000;
/** A time of day is a minute. */
const schedulesMs = 20_000;
/** Who waits for the start to answer comes before rounds, which together keep the database busy for a while. */
const firstRoundsMs = 1_000;

/** Works off imports, exports, budgets, alerts and schedules and goes its rounds, until it is stopped. Several processes may do so at once. */
export async function startWork(server: ServerHost, { demoRows }: { demoRows: number }): Promise<Work> {
  const { host, store, pipeline } = server;
  const keptDays = readKeptDays(process.env);
  const keepStates = readKeepStates(process.env);
  // In containers every process is number 1.
  const worker = { db: host.db, log: host.log, telemetry: host.telemetry, name: `${hostname()} ${process.pid}` };
  const workers = await Promise.all([
    startWorker({
      ...worker,
      pool: "imports",
      handlers: {
        import: importJob(host, pipeline),
        reprocess: reprocessJob(host, pipeline),
        "demo-data": demoDataJob(server, demoRows),
      },
    }),
    startWorker({
      ...worker,
      pool: budgetsPool,
      handlers: { "evaluate-budgets": evaluateBudgetsJob(host, store) },
    }),
    startWorker({
      ...worker,
      pool: alertsPool,
      // A look may take long, and who is called must not wait for its end.
      concurrency: 2,
      handlers: { "evaluate-alerts": evaluateAlertsJob(host, store), "tell-alerts": tellAlertsJob(host) },
    }),
    // Apart, since the outside answers when it likes; one at a time for each company, in their order.
    startWorker({
      ...worker,
      pool: deliveriesPool,
      concurrency: 4,
      tenantMax: 1,
      handlers: { "deliver-alerts": deliverAlertsJob(host, printer.png) },
    }),
    // One at a time for each company, so that its mails leave in their order.
    startWorker({
      ...worker,
      pool: schedulesPool,
      tenantMax: 1,
      handlers: {
        "send-schedules": sendSchedulesJob(host, store, { exporter: createExporter({ store, pipeline }), printer }),
      },
    }),
    startWorker({
      ...worker,
      pool: companyExportPool,
      handlers: { "company-export": companyExportJob(host, { store, pipeline }) },
    }),
  ]);
  const rounds = [
    startRound(() => removeDueCompanies({ host, pipeline }), hourMs, host.log),
    startRound(() => proveDomainsAgain(host), hourMs, host.log),
    startRound(() => askForDueBudgets(host), hourMs, host.log),
    startRound(() => askForDueAlerts(host), hourMs, host.log),
    startRound(() => askForDueTelling(host), deliveriesMs, host.log),
    startRound(() => askForDueDeliveries(host), deliveriesMs, host.log),
    startRound(() => sweepDeliveries(host, keptDays), 24 * hourMs, host.log),
    startRound(() => askForDueSchedules(host), schedulesMs, host.log),
    // Who is alone swept before anything began.
    ...(server.isAlone ? [] : [startRound(() => tidy(server, keepStates), 24 * hourMs, host.log)]),
  ];
  const stopRinging = isEdgeInFront(process.env)
    ? await ringInFront(host, createDatabaseNotices(host.db), host.baseUrl)
    : null;
  return {
    async stop({ graceMs }) {
      stopRinging?.();
      await Promise.all([...workers.map((one) => one.stop({ graceMs })), ...rounds.map((round) => round.stop())]);
    },
  };
}

/** What others left that died, or that was for nothing. */
async function tidy({ host, pipeline }: ServerHost, keepStates: number | null): Promise<void> {
  await sweep(host, pipeline, keepStates === null ? {} : { keepStates });
  await removeLeftUploads(host);
}

/** Does something soon and again and again from then on, one time after the other. What goes wrong is tried again. */
function startRound(work: () => Promise<unknown>, everyMs: number, log: Logger): { stop(): Promise<void> } {
  const once = () => work().catch((error: unknown) => log.error({ err: error }, "a round failed; it is tried again"));
  let running: Promise<unknown> = Promise.resolve();
  const next = () => {
    running = running.then(once);
  };
  const timers = [setTimeout(next, firstRoundsMs), setInterval(next, everyMs)];
  for (const timer of timers) timer.unref();
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await running;
    },
  };
}
