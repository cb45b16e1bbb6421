import * as z from "zod";

/** Whom a document is shown to, beside its owner: nobody, everybody of the company, or those who have one of the roles. */
export const Sharing = z.discriminatedUnion("with", [
  z.strictObject({ with: z.literal("nobody") }),
  z.strictObject({ with: z.literal("company") }),
  z.strictObject({ with: z.literal("roles"), roles: z.array(z.string().min(1).max(80)).min(1).max(50) }),
]);
export type Sharing = z.infer<typeof Sharing>;

export const DocumentName = z.string().trim().min(1, "Give it a name.").max(120);
export const DocumentDescription = z.string().trim().max(1000);

export const DocumentPerson = z.object({ id: z.string(), name: z.string() });
export type DocumentPerson = z.infer<typeof DocumentPerson>;

/** What is the same of every document, whatever it holds. Instants are UTC. */
export const DocumentHead = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  sharing: Sharing,
  /** Counts up with every change. */
  version: z.number(),
  owner: DocumentPerson,
  changedBy: DocumentPerson,
  createdAt: z.string(),
  changedAt: z.string(),
  /** Whether the person who asks may change, share and delete it. */
  mayChange: z.boolean(),
});
export type DocumentHead = z.infer<typeof DocumentHead>;

/** A document as a change left it. */
export const DocumentVersionHead = z.object({
  version: z.number(),
  name: z.string(),
  changedBy: DocumentPerson,
  changedAt: z.string(),
});
export type DocumentVersionHead = z.infer<typeof DocumentVersionHead>;

export const DocumentRestore = z.strictObject({
  version: z.int().min(1).describe("The version to bring back"),
  on: z.int().min(1).describe("The version that is the newest now"),
});
export type DocumentRestore = z.infer<typeof DocumentRestore>;
