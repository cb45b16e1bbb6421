import * as z from "zod";

/** The words of SCIM 2.0 (RFC 7643, RFC 7644) that are kept here. */
export const urns = {
  user: "urn:ietf:params:scim:schemas:core:2.0:User",
  enterprise: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  group: "urn:ietf:params:scim:schemas:core:2.0:Group",
  list: "urn:ietf:params:scim:api:messages:2.0:ListResponse",
  patch: "urn:ietf:params:scim:api:messages:2.0:PatchOp",
  error: "urn:ietf:params:scim:api:messages:2.0:Error",
} as const;

/** Errors that the protocol has a word for (RFC 7644, 3.12). */
export type ScimType =
  | "invalidFilter"
  | "invalidPath"
  | "invalidSyntax"
  | "invalidValue"
  | "mutability"
  | "noTarget"
  | "uniqueness";

/** A resource as a client sends it: attributes are read by name, whatever else there is. */
export const ScimInput = z.looseObject({});

export const PatchInput = z.looseObject({
  Operations: z
    .array(
      z.looseObject({
        // Microsoft Entra writes Add, Replace and Remove.
        op: z.string().max(20),
        path: z.string().max(500).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(500),
});
export type PatchInput = z.infer<typeof PatchInput>;

export const ListParameters = z.object({
  filter: z.string().max(1000).optional().describe('Such as userName eq "ann@acme.example"'),
  startIndex: z.coerce.number().int().max(1e9).default(1),
  count: z.coerce.number().int().max(1e9).default(100),
  attributes: z.string().max(1000).optional(),
  excludedAttributes: z.string().max(1000).optional(),
});
export type ListParameters = z.input<typeof ListParameters>;
export const countMax = 200;

const Meta = z.object({
  resourceType: z.string(),
  created: z.string(),
  lastModified: z.string(),
  location: z.string(),
});

export const ScimUser = z.looseObject({
  schemas: z.array(z.string()),
  id: z.string(),
  externalId: z.string().optional(),
  userName: z.string(),
  active: z.boolean(),
  displayName: z.string().optional(),
  name: z.record(z.string(), z.string()).optional(),
  emails: z.array(z.object({ value: z.string(), type: z.string(), primary: z.boolean() })),
  groups: z.array(z.object({ value: z.string(), display: z.string() })),
  meta: Meta,
});
export type ScimUser = z.infer<typeof ScimUser>;

/** What a reader that names attributes gets of a user or a group: those, beside the ones that are always told. */
export const ScimPart = z.looseObject({ schemas: z.array(z.string()), id: z.string() });

export const ScimGroup = z.looseObject({
  schemas: z.array(z.string()),
  id: z.string(),
  externalId: z.string().optional(),
  displayName: z.string(),
  members: z.array(z.object({ value: z.string(), display: z.string(), type: z.literal("User") })),
  meta: Meta,
});
export type ScimGroup = z.infer<typeof ScimGroup>;

export const ScimList = z.object({
  schemas: z.array(z.string()),
  totalResults: z.number(),
  startIndex: z.number(),
  itemsPerPage: z.number(),
  Resources: z.array(z.looseObject({})),
});
export type ScimList = z.infer<typeof ScimList>;

export const Provisioning = z.strictObject({
  /** What somebody may do whom the identity provider makes known, before a grant, a group or a rule gives more. */
  defaultRole: z.string().min(1).max(60).default("viewer"),
});
export type Provisioning = z.infer<typeof Provisioning>;
