import { PrismaPg } from "@prisma/adapter-pg";
import { Pool, type PoolClient } from "pg";
import type { PrismaClient } from "@finops/platform/db/generated/client";
import { createSharedCompiler } from "./shared-compiler.ts";
import { openClientOn } from "./transactions.ts";

/** What is kept of clients that were asked for at the same time; with the compiler shared, they are small. */
const keptMax = 16;

export interface LentClients {
  /** Runs one transaction, or one statement, on a client that nobody else has meanwhile, with connections of that pool. */
  lend<T>(pool: Pool, work: (client: PrismaClient) => Promise<T>): Promise<T>;
}

/**
 * Clients of Prisma that requests have one after the other, never two at once. In workerd what one request awaits, no other may
 * bring about; yet a client gathers the `findUnique` of all who use it, and whoever came first sends them by a timer of its own.
 */
export function createLentClients(): LentClients {
  const free: LentClient[] = [];
  const compiler = createSharedCompiler();
  return {
    async lend(pool, work) {
      const lent = free.pop() ?? openLentClient(compiler);
      lent.pool.lentTo = pool;
      try {
        return await work(lent.client);
      } catch (error) {
        await timersBefore();
        throw error;
      } finally {
        // A request that is cut off never comes here, and its client goes with it.
        lent.pool.lentTo = null;
        if (free.length < keptMax) free.push(lent);
      }
    },
  };
}

interface LentClient {
  client: PrismaClient;
  pool: LentPool;
}

function openLentClient(compiler: ReturnType<typeof createSharedCompiler>): LentClient {
  const pool = new LentPool();
  return { client: openClientOn(new PrismaPg(pool), compiler), pool };
}

/** What failed may have left a `findUnique` that waits for its timer; timers of the same length go off in turn. */
function timersBefore(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

type OnConnected = Parameters<typeof Pool.prototype.connect>[0];

/** Has no connections of its own: they are those of the pool that it is lent to. */
class LentPool extends Pool {
  lentTo: Pool | null = null;

  override connect(): Promise<PoolClient>;
  override connect(onConnected: OnConnected): void;
  override connect(onConnected?: OnConnected): Promise<PoolClient> | void {
    if (this.lentTo === null) throw new Error("a client of the database is used by nobody");
    return onConnected === undefined ? this.lentTo.connect() : this.lentTo.connect(onConnected);
  }
}
