import { type Decimal, zero } from "@finops/kernel/decimal";
import { addDays, type Day } from "@finops/kernel/period";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import type { Condition, EventSource } from "./contract.ts";
import type { Finding } from "./observe-costs.ts";

/** Something that another capability tells of for as long as it holds: it is over once it is not told of any more. */
export interface HeldEvent {
  /** Within its source: the same id is the same alert. */
  id: string;
  title: string;
  message: string;
  /** The first day on which it held. */
  since: Day;
  /** The costs that it is about: who sees all of them sees it. Null is all of the company's. */
  filter: CostFilter | null;
  /** What comes first where there is too much to tell, such as money. */
  weight?: Decimal;
}

/** What each source tells of; undefined where nobody can tell. */
export type EventFacts = Readonly<Partial<Record<EventSource, readonly HeldEvent[]>>>;

/** Null where nobody can tell. */
export function observeEvents(
  { source, days }: Extract<Condition, { kind: "event" }>,
  today: Day,
  events: EventFacts,
): Finding[] | null {
  return (
    events[source]
      ?.filter(({ since }) => addDays(since, days) <= today)
      .map(({ id, title, message, filter, weight = zero }) => ({
        subject: `event ${source} ${id}`,
        title,
        message,
        level: "over" as const,
        filter,
        weight,
      })) ?? null
  );
}
