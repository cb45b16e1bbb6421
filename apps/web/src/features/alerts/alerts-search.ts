import * as z from "zod";

/** What the address of the inbox says: what is over is shown on wish. */
const Inbox = z.object({ show: z.literal("resolved").optional().catch(undefined) });
export type AlertsSearch = z.infer<typeof Inbox>;

export function readAlertsSearch(search: Record<string, unknown>): AlertsSearch {
  return Inbox.parse(search);
}

/** What the addresses of rules and channels say: the one that is changed, or that a new one is made. */
const Edit = z.object({ edit: z.string().max(60).optional().catch(undefined) });
export type EditSearch = z.infer<typeof Edit>;

export function readEditSearch(search: Record<string, unknown>): EditSearch {
  return Edit.parse(search);
}
