import { allPermissions, type Permission } from "@finops/platform/access/permissions";
import { pageQuery } from "@finops/platform/http/page";
import { CostFilter } from "@finops/warehouse/query/cost-query";
import * as z from "zod";

const Name = z.string().trim().min(1, "Give it a name.").max(120);
const Description = z.string().trim().max(1000);
const RoleKey = z.string().min(1).max(60).describe("The key of a role, such as viewer");
const Id = z.string().max(60);

/** The costs that a role is limited to, as a cost query's filter; null is the whole company's. */
// A union, since the document would leave the null of `nullable()` out.
export const Scope = z.union([CostFilter, z.null()]);
export type Scope = CostFilter | null;

export const PermissionKey = z.enum(allPermissions as [Permission, ...Permission[]]);

// People -----------------------------------------------------------------------------------------------------------------

export const Member = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.object({ key: z.string(), name: z.string() }),
  scope: Scope,
  unitId: z.string().nullable(),
  groups: z.array(z.object({ id: z.string(), name: z.string() })),
  joinedAt: z.string(),
  /** When they first signed in to the company; null while the invitation is open. */
  acceptedAt: z.string().nullable(),
  /** False while an identity provider has deactivated the person: they cannot come in. */
  isActive: z.boolean(),
});
export type Member = z.infer<typeof Member>;

export const MemberChange = z.strictObject({
  role: RoleKey.optional(),
  scope: Scope.optional(),
  unitId: Id.nullable().optional(),
});
export type MemberChange = z.input<typeof MemberChange>;

/** Ordered by e-mail address. */
export const MembersParameters = pageQuery({ usual: 100, max: 500 });
export const MemberPage = z.object({ members: z.array(Member), nextCursor: z.string().nullable() });
export type MemberPage = z.infer<typeof MemberPage>;

/** Who asks, as they are called in every company. */
export const OwnProfile = z.object({ id: z.string(), email: z.string(), name: z.string() });
export type OwnProfile = z.infer<typeof OwnProfile>;
export const OwnProfileChange = z.strictObject({ name: Name });
export type OwnProfileChange = z.input<typeof OwnProfileChange>;

// Groups -----------------------------------------------------------------------------------------------------------------

export const GroupSummary = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** Whether an identity provider keeps it, so that nobody changes who is in it here. */
  isProvisioned: z.boolean(),
  memberCount: z.number(),
  createdAt: z.string(),
});
export type GroupSummary = z.infer<typeof GroupSummary>;

export const Group = GroupSummary.extend({
  members: z.array(z.object({ id: z.string(), email: z.string(), name: z.string() })),
});
export type Group = z.infer<typeof Group>;

export const GroupInput = z.strictObject({ name: Name, description: Description.default("") });
export type GroupInput = z.input<typeof GroupInput>;
export const GroupChange = z.strictObject({ name: Name.optional(), description: Description.optional() });
export type GroupChange = z.input<typeof GroupChange>;

// Roles ------------------------------------------------------------------------------------------------------------------

export const Role = z.object({
  key: z.string(),
  name: z.string(),
  isBuiltIn: z.boolean(),
  permissions: z.array(z.string()),
  /** How many people have it as their role in the company. */
  memberCount: z.number(),
});
export type Role = z.infer<typeof Role>;

/** What can be allowed, with a line of meaning each, and whether it can be limited to a part of the costs. */
export const PermissionInfo = z.object({ key: PermissionKey, about: z.string(), canBeLimited: z.boolean() });
export const RoleList = z.object({ roles: z.array(Role), permissions: z.array(PermissionInfo) });
export type RoleList = z.infer<typeof RoleList>;

const Permissions = z.array(PermissionKey).max(allPermissions.length);
const NewRoleKey = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "Use 1 to 40 lower-case letters, digits and hyphens.");
export const RoleInput = z.strictObject({
  key: NewRoleKey,
  name: Name,
  permissions: Permissions,
});
export type RoleInput = z.input<typeof RoleInput>;
export const RoleChange = z.strictObject({ name: Name.optional(), permissions: Permissions.optional() });
export type RoleChange = z.input<typeof RoleChange>;

// Grants -----------------------------------------------------------------------------------------------------------------

export const subjectKinds = ["person", "group", "key", "service-account", "unit"] as const;

/**
 * A role that a person, a group, a key, each key of a service account, or the people of a unit and of those below it have beside
 * what they have anyway.
 */
export const Grant = z.object({
  id: z.string(),
  subject: z.object({ kind: z.enum(subjectKinds), id: z.string(), name: z.string() }),
  role: z.string(),
  unitId: z.string().nullable(),
  scope: Scope,
  validFrom: z.string(),
  validUntil: z.string().nullable(),
  reason: z.string(),
  grantedBy: z.object({ id: z.string(), name: z.string() }),
  revokedAt: z.string().nullable(),
  revokedBy: z.string().nullable(),
  ruleId: z.string().nullable().describe("The rule that gives it by an attribute; null when somebody did"),
  /** Whether it was delegated, and so gives no more than its giver has at each moment. */
  isDelegated: z.boolean(),
  /** Whether it gives something at this moment. */
  isInForce: z.boolean(),
});
export type Grant = z.infer<typeof Grant>;

const Instant = z.iso.datetime({ error: "Write an instant as 2026-11-22T12:00:00Z." });
export const GrantInput = z.strictObject({
  subject: z.strictObject({ kind: z.enum(subjectKinds), id: Id }),
  role: RoleKey,
  unitId: Id.nullable().default(null).describe("Limits the role to the costs of this unit and of those below it"),
  scope: Scope.default(null),
  validFrom: Instant.optional().describe("Now when left out"),
  validUntil: Instant.nullable().default(null).describe("When it ends by itself; null for no end"),
  reason: z.string().trim().max(500).default(""),
});
export type GrantInput = z.input<typeof GrantInput>;

/** What one gives of one's own for a time; it ends when one loses it. */
export const DelegationInput = z.strictObject({
  person: Id.describe("Who gets it"),
  role: RoleKey.describe("Of this role they get what the giver has"),
  unitId: Id.nullable().default(null),
  scope: Scope.default(null),
  validUntil: Instant.describe("When it ends by itself, within 90 days"),
  reason: z.string().trim().max(500).default(""),
});
export type DelegationInput = z.input<typeof DelegationInput>;

/** The newest first. */
export const GrantsParameters = pageQuery({ usual: 100, max: 500 }).extend({
  subject: Id.optional().describe("Only those of this person, group, key or unit"),
  state: z.enum(["open", "all"]).default("open").describe("`all` has those that ended or were revoked too"),
});
export type GrantsParameters = z.infer<typeof GrantsParameters>;
export const GrantPage = z.object({ grants: z.array(Grant), nextCursor: z.string().nullable() });
export type GrantPage = z.infer<typeof GrantPage>;

// Rules by attribute -------------------------------------------------------------------------------------------------------

const RoleGift = z.strictObject({ role: RoleKey, unitId: Id.nullable().default(null), scope: Scope.default(null) });
const GroupGift = z.strictObject({ groupId: Id });

/** Gives something to everybody of whom an attribute, as an identity provider says it, has a value. */
export const AccessRule = z.object({
  id: z.string(),
  name: z.string(),
  attribute: z.string(),
  value: z.string(),
  gives: z.union([
    z.object({ role: z.string(), unitId: z.string().nullable(), scope: Scope }),
    z.object({ groupId: z.string() }),
  ]),
  /** How many people have it by this rule. */
  memberCount: z.number(),
  createdBy: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.string(),
});
export type AccessRule = z.infer<typeof AccessRule>;

export const AccessRuleInput = z.strictObject({
  name: Name,
  attribute: z.string().trim().min(1).max(200).describe("Such as groups, department or costCenter"),
  value: z.string().trim().min(1).max(500),
  gives: z.union([RoleGift, GroupGift]).describe("A role, perhaps limited, or a place in a group"),
});
export type AccessRuleInput = z.input<typeof AccessRuleInput>;

// Units ------------------------------------------------------------------------------------------------------------------

export const unitKinds = ["department", "team", "cost-center"] as const;

/** A part of the organisation. The accounts whose costs are its own are values of SubAccountId. */
export const Unit = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  kind: z.enum(unitKinds),
  name: z.string(),
  accounts: z.array(z.string()),
  memberCount: z.number(),
});
export type Unit = z.infer<typeof Unit>;

export const UnitInput = z.strictObject({
  name: Name,
  kind: z.enum(unitKinds),
  parentId: Id.nullable().default(null),
});
export type UnitInput = z.input<typeof UnitInput>;
export const UnitChange = z.strictObject({
  name: Name.optional(),
  kind: z.enum(unitKinds).optional(),
  parentId: Id.nullable().optional(),
});
export type UnitChange = z.input<typeof UnitChange>;
export const UnitAccounts = z.strictObject({ accounts: z.array(z.string().min(1).max(300)).max(5000) });

const UnitName = z.object({ id: z.string(), name: z.string() }).nullable();

/** A person went from one unit to another, or into the first one. Names are those of the time. */
export const UnitMove = z.object({
  id: z.string(),
  personId: z.string(),
  from: UnitName,
  to: UnitName,
  at: z.string(),
  by: z.object({ id: z.string(), name: z.string() }),
});
export type UnitMove = z.infer<typeof UnitMove>;
export const UnitMovesParameters = z.object({ person: Id.optional().describe("Only those of this person") });

// A trial of another access ---------------------------------------------------------------------------------------------------

/** What would be different for one person. What is left out stays. */
export const PreviewInput = z.strictObject({
  person: Id,
  role: RoleKey.optional().describe("Another role in the company"),
  scope: Scope.optional().describe("Another limit of that role"),
  unitId: Id.nullable().optional().describe("Another unit to belong to"),
  permissionsOf: z
    .strictObject({ role: NewRoleKey, permissions: Permissions })
    .optional()
    .describe("A role of the company's own as it would be; one that there is not is made for the trial"),
  give: z.array(RoleGift).max(20).default([]).describe("Grants that would be given"),
  revoke: z.array(Id).max(100).default([]).describe("Grants that would be revoked"),
});
export type PreviewInput = z.input<typeof PreviewInput>;

/** What somebody may do, and the cost that they would see of the last month that is complete, in each currency. */
export const AccessState = z.object({
  permissions: z.array(z.object({ permission: z.string(), scope: Scope })),
  /** Null where the asker sees no costs; of the costs that the asker sees themselves. */
  costs: z.array(z.object({ currency: z.string(), amount: z.string() })).nullable(),
});
export const AccessPreview = z.object({
  person: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  /** The days of the costs; the second is not included. */
  period: z.object({ start: z.string(), end: z.string() }),
  before: AccessState,
  after: AccessState,
  gained: z.array(z.string()),
  lost: z.array(z.string()),
});
export type AccessPreview = z.infer<typeof AccessPreview>;

// What is not used ------------------------------------------------------------------------------------------------------------

export const UnusedParameters = z.object({
  days: z.coerce.number().int().min(1).max(365).default(90),
});
export const UnusedPermissions = z.object({
  days: z.number(),
  /** Since when use is noted; null when nothing was noted so far. Before so many days have passed since, more seems unused than is. */
  notedSince: z.string().nullable(),
  subjects: z.array(
    z.object({
      kind: z.enum(["person", "key"]),
      id: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      permissions: z.array(z.object({ permission: z.string(), lastUsedOn: z.string().nullable() })),
    }),
  ),
});
export type UnusedPermissions = z.infer<typeof UnusedPermissions>;

// Who may do what ----------------------------------------------------------------------------------------------------------

/** One reason why somebody has a permission: the role in the company, or a grant, perhaps to a group that they are in. */
export const AccessReason = z.object({
  grantId: z.string().nullable(),
  role: z.string().nullable().describe("null for what a key was made with"),
  group: z.object({ id: z.string(), name: z.string() }).nullable(),
  memberUnitId: z.string().nullable().describe("The unit to whose people the role was given"),
  ruleId: z.string().nullable().describe("The rule that gave it by an attribute"),
  delegatedBy: z.string().nullable().describe("The person who delegated it"),
  unitId: z.string().nullable(),
  /** The costs that it is limited to, the unit's accounts included. */
  scope: Scope,
  validUntil: z.string().nullable(),
});
export type AccessReason = z.infer<typeof AccessReason>;

export const WhoCan = z.object({
  permission: PermissionKey,
  subjects: z.array(
    z.object({
      kind: z.enum(["person", "key"]),
      id: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      /** The costs for which they may do it, of all reasons together. */
      scope: Scope,
      through: z.array(AccessReason),
    }),
  ),
});
export type WhoCan = z.infer<typeof WhoCan>;

export const WhatCan = z.object({
  person: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  permissions: z.array(
    z.object({ permission: z.string(), about: z.string(), scope: Scope, through: z.array(AccessReason) }),
  ),
});
export type WhatCan = z.infer<typeof WhatCan>;
