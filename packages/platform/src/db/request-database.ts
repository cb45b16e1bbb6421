import { AsyncLocalStorage } from "node:async_hooks";
import { AppError } from "@finops/kernel/app-error";
import { Pool } from "pg";
import type { Database } from "./database.ts";
import { gatherWrites } from "./gather-writes.ts";
import { createLentClients } from "./lent-clients.ts";
import { createTransactions, transactionLimits } from "./transactions.ts";

/** A database whose connections belong to one request each: in a Worker no other request may use a socket. */
export interface RequestDatabase extends Database {
  /** Runs the work of one request. Its connections go with the request, and the pooler in front keeps its own. */
  forRequest<T>(appUrl: string, work: () => T): T;
}

// A page's own questions beside those that it does not wait for; the pooler has the connections to PostgreSQL.
const connectionsMax = 5;

export function openRequestDatabase(): RequestDatabase {
  const requests = new AsyncLocalStorage<{ appUrl: string; pool: Pool | null }>();
  const clients = createLentClients();
  const pool = () => {
    const request = requests.getStore();
    if (request === undefined) throw outsideRequest();
    return (request.pool ??= openPool(request.appUrl));
  };
  return {
    ...createTransactions((work) => clients.lend(pool(), work)),
    forRequest: (appUrl, work) => requests.run({ appUrl, pool: null }, work),
    // Who runs for a request at a time hears no notices; live updates are told by another way there.
    listen: () => Promise.reject(outsideRequest()),
    close: () => Promise.resolve(),
  };
}

function openPool(appUrl: string): Pool {
  const pool = new Pool({
    connectionString: appUrl,
    max: connectionsMax,
    connectionTimeoutMillis: transactionLimits.maxWait,
    // What runs for long, as a Durable Object does, would else hold the pooler's places.
    idleTimeoutMillis: 1_000,
  });
  // One that breaks while nobody uses it is thrown away, and the next who asks gets another.
  return pool.on("error", () => undefined).on("connect", gatherWrites);
}

function outsideRequest(): AppError {
  return new AppError("internal", "Something went wrong.", { internal: "the database was asked outside of a request" });
}
