import { AsyncLocalStorage } from "node:async_hooks";
import { AppError } from "@finops/kernel/app-error";
import type { PrismaClient } from "@finops/platform/db/generated/client";
import { createTransactions, type Database, openClient } from "./database.ts";

/** A database whose connections belong to one request each: in a Worker no other request may use a socket. */
export interface RequestDatabase extends Database {
  /** Runs the work of one request. Its connections go with the request, and the pooler in front keeps its own. */
  forRequest<T>(appUrl: string, work: () => T): T;
}

// A page's own questions beside those that it does not wait for; the pooler has the connections to PostgreSQL.
const connectionsMax = 5;

export function openRequestDatabase(): RequestDatabase {
  const requests = new AsyncLocalStorage<{ appUrl: string; client: PrismaClient | null }>();
  const client = () => {
    const request = requests.getStore();
    if (request === undefined) throw outsideRequest();
    return (request.client ??= openClient({ appUrl: request.appUrl, connectionsMax }));
  };
  return {
    ...createTransactions(client),
    forRequest: (appUrl, work) => requests.run({ appUrl, client: null }, work),
    // Who runs for a request at a time hears no notices; live updates are told by another way there.
    listen: () => Promise.reject(outsideRequest()),
    close: () => Promise.resolve(),
  };
}

function outsideRequest(): AppError {
  return new AppError("internal", "Something went wrong.", { internal: "the database was asked outside of a request" });
}
