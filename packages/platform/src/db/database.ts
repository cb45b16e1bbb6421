import { PrismaPg } from "@prisma/adapter-pg";
import type { Prisma } from "@finops/platform/db/generated/client";
import { openListener } from "./listener.ts";
import { steadySocket } from "./steady-socket.ts";
import { createTransactions, openClientOn, transactionLimits } from "./transactions.ts";

/** A transaction: Prisma's models, and `$queryRaw` and `$executeRaw` with bound values. */
export type Tx = Prisma.TransactionClient;

export interface Database {
  /**
   * Runs work in one transaction that sees the rows of one company. A nested call for the same company joins the
   * transaction; one for another company is an error. Prisma's errors come out as AppError.
   */
  inTenant<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Runs work before a company is known: no company's rows are visible, only the directory functions of the migrations
   * can be called. `inTenant` inside it joins the transaction, so that a company and its first rows are made together.
   */
  inDirectory<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One statement of the directory, a transaction of its own: every request asks who it is of, and saves two ways there and back. */
  askDirectory<T>(ask: (db: Pick<Tx, "$queryRaw">) => Promise<T>): Promise<T>;
  /** How many transactions are under way or wait for a connection. */
  underWay(): number;
  /** Calls back on every notice of a PostgreSQL channel, and returns what stops it. */
  listen(channel: string, onNotice: (payload: string) => void): Promise<() => void>;
  close(): Promise<void>;
}

export const defaultConnectionsMax = 10;

export interface DatabaseOptions {
  appUrl: string;
  /** Where notices are heard, if not there: a pooler that gives connections out by the transaction passes none on. */
  listenUrl?: string;
  connectionsMax?: number;
  /** The place of what runs now in its trace; left out, none is kept. */
  traceparent?: () => string | null;
}

/** Opens the operational database as the application's role. Connections are made when they are needed. */
export function openDatabase(options: DatabaseOptions): Database {
  const { appUrl, listenUrl = appUrl, connectionsMax = defaultConnectionsMax, traceparent } = options;
  const client = openClientOn(
    new PrismaPg({
      connectionString: appUrl,
      max: connectionsMax,
      connectionTimeoutMillis: transactionLimits.maxWait,
      // A statement of more than that would fail with its transaction.
      stream: () => steadySocket(transactionLimits.timeout),
    }),
  );
  const listener = openListener(listenUrl);
  return {
    ...createTransactions((work) => work(client), traceparent),
    listen: (channel, onNotice) => listener.listen(channel, onNotice),
    async close() {
      await listener.close();
      await client.$disconnect();
    },
  };
}
