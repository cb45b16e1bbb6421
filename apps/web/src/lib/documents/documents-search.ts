import * as z from "zod";

/** What the list of a kind of document shows, in its address. */
const DocumentsSearch = z.object({
  whose: z.enum(["mine", "shared"]).optional().catch(undefined),
  find: z.union([z.string(), z.number()]).transform(String).pipe(z.string().max(200)).optional().catch(undefined),
});
export type DocumentsSearch = z.infer<typeof DocumentsSearch>;

export function readDocumentsSearch(search: Record<string, unknown>): DocumentsSearch {
  return DocumentsSearch.parse(search);
}
