import * as z from "zod";

/** Which changes the page lists, and the one that stands beside them. */
const ApprovalsSearch = z.object({
  state: z.enum(["approved", "rejected", "withdrawn", "expired", "applied", "all"]).optional().catch(undefined),
  request: z.string().max(60).optional().catch(undefined),
});
export type ApprovalsSearch = z.infer<typeof ApprovalsSearch>;

export function readApprovalsSearch(search: unknown): ApprovalsSearch {
  const { state, request } = ApprovalsSearch.parse(search);
  return { ...(state === undefined ? {} : { state }), ...(request === undefined ? {} : { request }) };
}
