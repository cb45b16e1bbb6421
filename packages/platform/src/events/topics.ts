import type { Permission } from "../access/permissions.ts";

/**
 * What changes are told of, and what one must be allowed to hear them. A topic that is not here is told to nobody.
 *
 * - `import`: state and progress of an import or reprocessing; the key is the import's id
 * - `job`: state and progress of other work; the key is the work item's id
 * - `budgets`: the budgets were worked out again, or one was changed; the key is always `all`, and the body says nothing of them
 * - `alerts`: rules were looked at again, or an alert, a rule or a delivery was changed; the key is always `all`, as above
 * - `inbox`: a person has other notices; the key is the person, and nobody else hears of it
 * - `published`: a billing period consists of other versions now; the key is the period's first day
 */
export const liveTopics = {
  import: "sources:read",
  job: "costs:read",
  budgets: "costs:read",
  alerts: "alerts:read",
  inbox: "costs:read",
  published: "costs:read",
} as const satisfies Record<string, Permission>;

export type LiveTopic = keyof typeof liveTopics;

export function topicsFor(permissions: ReadonlySet<string>): LiveTopic[] {
  return (Object.keys(liveTopics) as LiveTopic[]).filter((topic) => permissions.has(liveTopics[topic]));
}

/** Whether an event is for somebody, who may hear its topic. */
export function isFor(actorId: string, { topic, key }: { topic: LiveTopic; key: string }): boolean {
  return topic !== "inbox" || key === actorId;
}
