import { AsyncLocalStorage } from "node:async_hooks";
import { PrismaPg } from "@prisma/adapter-pg";
import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { type Prisma, PrismaClient } from "@finops/platform/db/generated/client";
import { toTransactionError } from "./database-errors.ts";
import { openListener } from "./listener.ts";

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
  /** Calls back on every notice of a PostgreSQL channel, and returns what stops it. */
  listen(channel: string, onNotice: (payload: string) => void): Promise<() => void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  appUrl: string;
  /** Where notices are heard, if not there: a pooler that gives connections out by the transaction passes none on. */
  listenUrl?: string;
  connectionsMax?: number;
}

// Prisma's defaults (2 s and 5 s) fail under 50 concurrent requests on two cores.
const transactionLimits = { maxWait: 10_000, timeout: 15_000 };

interface OpenTransaction {
  tx: Tx;
  /** Null in the directory. */
  tenantId: string | null;
}

/** Opens the operational database as the application's role. Connections are made when they are needed. */
export function openDatabase({ appUrl, listenUrl = appUrl, connectionsMax = 10 }: DatabaseOptions): Database {
  const client = openClient({ appUrl, connectionsMax });
  const listener = openListener(listenUrl);
  return {
    ...createTransactions(() => client),
    listen: (channel, onNotice) => listener.listen(channel, onNotice),
    async close() {
      await listener.close();
      await client.$disconnect();
    },
  };
}

export function openClient({ appUrl, connectionsMax }: { appUrl: string; connectionsMax: number }): PrismaClient {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: appUrl, max: connectionsMax }),
    // The default format quotes our source code in every message.
    errorFormat: "minimal",
  });
}

/** Transactions of one company each. @param client asked for with each transaction that begins */
export function createTransactions(client: () => PrismaClient): Pick<Database, "inTenant" | "inDirectory"> {
  const open = new AsyncLocalStorage<OpenTransaction>();

  async function begin<T>(tenantId: string | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await client().$transaction(async (tx) => {
        if (tenantId !== null) await setTenant(tx, tenantId);
        return open.run({ tx, tenantId }, () => work(tx));
      }, transactionLimits);
    } catch (error) {
      throw toTransactionError(error);
    }
  }

  return {
    async inTenant(tenantId, work) {
      if (!isId(tenantId))
        throw new AppError("internal", "Something went wrong.", { internal: `not a tenant id: ${tenantId}` });
      const outer = open.getStore();
      if (!outer) return begin(tenantId, work);
      if (outer.tenantId === tenantId) return work(outer.tx);
      if (outer.tenantId !== null) {
        throw new AppError("internal", "Something went wrong.", {
          internal: "one transaction cannot touch two companies",
        });
      }
      await setTenant(outer.tx, tenantId);
      try {
        return await open.run({ tx: outer.tx, tenantId }, () => work(outer.tx));
      } finally {
        // In a transaction that failed this fails too, and there is nothing left to protect.
        await setTenant(outer.tx, "").catch(() => undefined);
      }
    },
    async inDirectory(work) {
      const outer = open.getStore();
      return outer ? work(outer.tx) : begin(null, work);
    },
  };
}

async function setTenant(tx: Tx, tenantId: string): Promise<void> {
  // `true`: the setting ends with the transaction, so a pooled connection never carries a company to the next request.
  await tx.$queryRaw`select set_config('app.tenant_id', ${tenantId}, true)`;
}
