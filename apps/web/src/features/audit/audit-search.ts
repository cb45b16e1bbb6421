import { addDays } from "@finops/kernel/period";
import * as z from "zod";

const text = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .pipe(z.string().min(1).max(200))
  .optional()
  .catch(undefined);
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((value) => !Number.isNaN(Date.parse(value)))
  .optional()
  .catch(undefined);

/** Which entries of the audit are shown, and which one stands open. People name the last day that is in it. */
const AuditSearch = z.object({
  actor: text,
  action: z
    .string()
    .regex(/^[a-z][a-z0-9_.-]{0,99}$/)
    .optional()
    .catch(undefined),
  via: z.enum(["page", "key", "job", "cli", "system"]).optional().catch(undefined),
  from: day,
  to: day,
  text,
  entry: z.number().int().positive().optional().catch(undefined),
});
export type AuditSearch = z.infer<typeof AuditSearch>;

export function readAuditSearch(search: unknown): AuditSearch {
  const read = AuditSearch.parse(search);
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as AuditSearch;
}

/** The same as the API asks for it, where a period ends the day after. */
export function filterParameters({ actor, action, via, from, to, text: wanted }: AuditSearch): URLSearchParams {
  const filter = { actor, action, via, from, to: to === undefined ? undefined : addDays(to, 1), text: wanted };
  return new URLSearchParams(Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

export function hasFilter(search: AuditSearch): boolean {
  return filterParameters(search).size > 0;
}
