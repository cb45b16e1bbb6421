import * as z from "zod";

/** What the address of the inbox says: what is over is shown on wish. */
const Inbox = z.object({ show: z.literal("resolved").optional().catch(undefined) });
export type AlertsSearch = z.infer<typeof Inbox>;

export function readAlertsSearch(search: Record<string, unknown>): AlertsSearch {
  return Inbox.parse(search);
}

/** What the addresses of the other pages say: the one that is changed, or that a new one is made. */
const Edit = z.object({
  edit: z.string().max(60).optional().catch(undefined),
  /** How coming back from Slack ended, where it did not end well. */
  slack: z.string().optional().catch(undefined),
  /** How far the report of noise looks back; a month where it says nothing. */
  days: z.literal(90).optional().catch(undefined),
  /** A table that a schedule's mail had no room for. */
  file: z.string().max(60).optional().catch(undefined),
});
export type EditSearch = z.infer<typeof Edit>;

export function readEditSearch(search: Record<string, unknown>): EditSearch {
  return Edit.parse(search);
}
