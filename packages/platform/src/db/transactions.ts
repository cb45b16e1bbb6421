import { AsyncLocalStorage } from "node:async_hooks";
import type { PrismaPg } from "@prisma/adapter-pg";
import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { PrismaClient } from "@finops/platform/db/generated/client";
import type { Database, Tx } from "./database.ts";
import { requestScope } from "../observe/request-scope.ts";
import { toTransactionError } from "./database-errors.ts";

// Prisma's defaults (2 s and 5 s) fail under 50 concurrent requests on two cores.
export const transactionLimits = { maxWait: 10_000, timeout: 15_000 };

interface OpenTransaction {
  tx: Tx;
  /** Null in the directory. */
  tenantId: string | null;
}

/** Prisma over connections that the adapter makes, as every host has it. */
export function openClientOn(adapter: PrismaPg, options: object = {}): PrismaClient {
  return new PrismaClient({
    ...options,
    adapter,
    // The default format quotes our source code in every message.
    errorFormat: "minimal",
    // Whoever finds a slow statement finds the request that it belongs to. Prisma escapes the values.
    comments: [
      () => {
        const scope = requestScope();
        return scope === undefined ? {} : { request_id: scope.requestId, route: scope.route };
      },
    ],
  });
}

/** Runs work on a client that is the work's own for as long as it takes, or everybody's. */
export type WithClient = <T>(work: (client: PrismaClient) => Promise<T>) => Promise<T>;

/** Transactions of one company each. @param withClient asked with each transaction that begins */
export function createTransactions(
  withClient: WithClient,
  traceparent: () => string | null = () => null,
): Pick<Database, "inTenant" | "inDirectory" | "askDirectory" | "underWay"> {
  const open = new AsyncLocalStorage<OpenTransaction>();
  let underWay = 0;

  async function counted<T>(work: () => Promise<T>): Promise<T> {
    underWay += 1;
    try {
      return await work();
    } catch (error) {
      throw toTransactionError(error);
    } finally {
      underWay -= 1;
    }
  }

  function begin<T>(tenantId: string | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    return counted(() =>
      withClient((client) =>
        client.$transaction(async (tx) => {
          if (tenantId !== null) await beginFor(tx, tenantId, traceparent());
          return open.run({ tx, tenantId }, () => work(tx));
        }, transactionLimits),
      ),
    );
  }

  return {
    underWay: () => underWay,
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
    async askDirectory(ask) {
      const outer = open.getStore();
      return outer ? ask(outer.tx) : counted(() => withClient(ask));
    },
  };
}

/** Work that is queued from here on, by whatever statement, carries the request that it was queued for. */
async function beginFor(tx: Tx, tenantId: string, traceparent: string | null): Promise<void> {
  const requestId = requestScope()?.requestId ?? "";
  await tx.$queryRaw`
    select set_config('app.tenant_id', ${tenantId}, true), set_config('app.request_id', ${requestId}, true),
      set_config('app.traceparent', ${traceparent ?? ""}, true)`;
}

async function setTenant(tx: Tx, tenantId: string): Promise<void> {
  // `true`: the setting ends with the transaction, so a pooled connection never carries a company to the next request.
  await tx.$queryRaw`select set_config('app.tenant_id', ${tenantId}, true)`;
}
