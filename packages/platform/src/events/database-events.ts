import type { Database, Tx } from "../db/database.ts";
import type { LiveBatch, LiveEvent, LiveEvents } from "./live-events.ts";
import { createDatabaseNotices, type Notices, type OnNotice } from "./notices.ts";
import type { LiveTopic } from "./topics.ts";

const batchMax = 500;

type OnWake = Parameters<LiveEvents["wake"]>[1];

/** Live events as the database keeps them, of a process that learns by notices when to read; left out, by the database's own. */
export function createDatabaseEvents(db: Database, notices: Notices = createDatabaseNotices(db)): LiveEvents {
  const sleepers = new Map<string, Set<OnWake>>();
  // Readers of one company stand at one position, so what one of them asks is the answer for all; but not for one that was
  // woken after the question was asked, as it may have been woken by what the answer does not hold yet.
  const asked = new Map<string, Promise<LiveBatch>>();
  let noticed = 0;
  let listening: Promise<unknown> | null = null;

  const rouse: OnNotice = (because, tenantId) => {
    noticed += 1;
    const woken = tenantId === null ? [...sleepers.values()] : [sleepers.get(tenantId) ?? []];
    for (const onWake of woken.flatMap((ofOne) => [...ofOne])) onWake(because);
  };
  // A listener that could not be had is tried again with the next reader; until then readers poll.
  const listen = () =>
    (listening ??= notices.listen(rouse).catch((error: unknown) => {
      listening = null;
      throw error;
    }));

  return {
    read(tenantId, after, topics) {
      const question = JSON.stringify([noticed, tenantId, after, topics]);
      const known = asked.get(question);
      if (known !== undefined) return known;
      const answer = readLiveEvents(db, tenantId, after, topics).finally(() => asked.delete(question));
      asked.set(question, answer);
      return answer;
    },
    async wake(tenantId, onWake) {
      await listen();
      const known = sleepers.get(tenantId) ?? new Set<OnWake>();
      sleepers.set(tenantId, known.add(onWake));
      return () => {
        known.delete(onWake);
        if (known.size === 0 && sleepers.get(tenantId) === known) sleepers.delete(tenantId);
      };
    },
  };
}

/** One reader's own question, which nobody shares. */
export function readLiveEvents(
  db: Database,
  ...[tenantId, after, topics]: Parameters<LiveEvents["read"]>
): Promise<LiveBatch> {
  return db.inTenant(tenantId, (tx) => readBatch(tx, tenantId, after, topics));
}

interface EventRow {
  position: bigint;
  topic: LiveTopic;
  key: string;
  at: Date;
  body: LiveEvent["body"];
}

async function readBatch(
  tx: Tx,
  tenantId: string,
  after: string | null,
  topics: readonly LiveTopic[],
): Promise<LiveBatch> {
  const [last] = await tx.$queryRaw<{ position: bigint | null }[]>`
    select max(position) as position from live_event where tenant_id = ${tenantId}::uuid`;
  const newest = last?.position ?? 0n;
  if (after === null) return { events: [], position: newest.toString(), isReset: false };
  if (BigInt(after) > newest) return { events: [], position: newest.toString(), isReset: true };
  if (BigInt(after) === newest) return { events: [], position: after, isReset: false };
  // What commits between the two statements comes with the next batch, or it would be told twice.
  const rows = await tx.$queryRaw<EventRow[]>`
    select position, topic, key, at, body from live_event
    where tenant_id = ${tenantId}::uuid and position > ${BigInt(after)} and position <= ${newest}
      and topic = any(${[...topics]})
    order by position limit ${batchMax}`;
  return {
    events: rows.map((row) => ({ ...row, position: row.position.toString(), at: row.at.toISOString() })),
    // What is left out by topic is passed over as well; a full batch may be followed by more.
    position: rows.length === batchMax ? rows.at(-1)!.position.toString() : newest.toString(),
    isReset: false,
  };
}
