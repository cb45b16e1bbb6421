import { newId } from "@finops/kernel/id";
import type { Tx } from "../db/database.ts";
import { asPerson } from "./as-person.ts";
import type { NoticeKind } from "./notice-kinds.ts";

export type NoticeAbout = { budgetId: string } | { alertId: string } | { requestId: string };

export interface NewNotice {
  personIds: readonly string[];
  about: NoticeAbout;
  kind: NoticeKind;
  text: string;
  byName: string;
}

/** So many of the last ones stay for each person. */
export const noticesMax = 200;

/** Which earlier notices of the same thing say nothing more once this one is there, so that nobody comes back to a hundred. */
const replaced: Readonly<Record<NoticeKind, readonly NoticeKind[]>> = {
  mention: [],
  state: ["state"],
  version: ["version"],
  called: ["called", "over"],
  over: ["called", "over"],
  approval: ["approval"],
};

/**
 * Keeps what people are told, in the transaction of what it tells, and has their pages hear of it. Whether they may see what it is
 * about is asked when they look.
 */
export async function keepNotices(tx: Tx, notices: readonly NewNotice[], now: Date): Promise<void> {
  const people = new Set(notices.flatMap(({ personIds }) => personIds));
  for (const personId of people) {
    const own = notices.filter(({ personIds }) => personIds.includes(personId)).slice(-noticesMax);
    await asPerson(tx, personId, () => keepOwn(tx, personId, own, now));
    await tellInbox(tx, personId);
  }
}

/** Has the pages of a person read their inbox anew. */
export async function tellInbox(tx: Tx, personId: string): Promise<void> {
  await tx.$queryRaw`select append_live_event(current_tenant(), 'inbox', ${personId}, '{}')::text`;
}

async function keepOwn(tx: Tx, personId: string, own: readonly NewNotice[], now: Date): Promise<void> {
  const outdated = own.flatMap(({ kind, about }) =>
    replaced[kind].length === 0 ? [] : [{ ...about, kind: { in: [...replaced[kind]] } }],
  );
  if (outdated.length > 0) await tx.notice.deleteMany({ where: { OR: outdated } });
  await tx.notice.createMany({
    data: own.map(({ about, kind, text, byName }) => ({
      id: newId(now.getTime()),
      personId,
      ...about,
      kind,
      text,
      byName,
      at: now,
    })),
  });
  await tx.$executeRaw`
    delete from notice where id in (select id from notice order by id desc offset ${noticesMax})`;
}
