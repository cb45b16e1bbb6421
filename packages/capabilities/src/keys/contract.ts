import { allPermissions, type Permission } from "@finops/platform/access/permissions";
import * as z from "zod";
import { Scope } from "../people/contract.ts";

const Name = z.string().trim().min(1, "Give it a name.").max(120);
const PermissionKey = z.enum(allPermissions as [Permission, ...Permission[]]);
const Id = z.string().max(60);

/** A key as it is listed: what would let anybody use it is not kept. */
export const Key = z
  .object({
    id: z.string(),
    name: z.string(),
    /** Its first characters, to know it by; empty as long as nobody took it. */
    prefix: z.string(),
    /** False for a key that was approved and that who asked for it has not taken yet. */
    isTaken: z.boolean(),
    permissions: z.array(z.string()),
    /** The costs that it is limited to, as a cost query's filter; null is the whole company's. */
    scope: Scope,
    serviceAccountId: z.string().nullable(),
    /** Requests in a minute; null is what every key may. */
    ratePerMinute: z.int().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
    /** To five minutes. */
    lastUsedAt: z.string().nullable(),
    expiresAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: "ApiKey" });
export type Key = z.infer<typeof Key>;

/** The one answer that has the key itself. */
export const NewKey = Key.extend({ key: z.string() }).meta({ id: "NewApiKey" });
export type NewKey = z.infer<typeof NewKey>;

export const KeyInput = z.strictObject({
  name: Name,
  permissions: z.array(PermissionKey).max(allPermissions.length),
  /** Limits it further than its maker is limited. */
  scope: Scope.default(null),
  serviceAccountId: Id.nullable().default(null),
  ratePerMinute: z.int().min(1).max(100_000).nullable().default(null),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
});
export type KeyInput = z.input<typeof KeyInput>;

export const KeyList = z.object({ keys: z.array(Key) });
export type KeyList = z.infer<typeof KeyList>;

export const ServiceAccount = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    /** What each of its keys may do beside what the key says itself. */
    role: z.object({ key: z.string(), name: z.string() }),
    scope: Scope,
    createdBy: z.string(),
    createdAt: z.string(),
    disabledAt: z.string().nullable(),
    keyCount: z.int(),
  })
  .meta({ id: "ServiceAccount" });
export type ServiceAccount = z.infer<typeof ServiceAccount>;

export const ServiceAccountInput = z.strictObject({
  name: Name,
  description: z.string().trim().max(1000).default(""),
  role: z.string().min(1).max(60).describe("The key of a role, such as viewer").meta({ example: "viewer" }),
  scope: Scope.default(null),
});
export type ServiceAccountInput = z.input<typeof ServiceAccountInput>;

export const ServiceAccountChange = z.strictObject({
  name: Name.optional(),
  description: z.string().trim().max(1000).optional(),
  role: z.string().min(1).max(60).optional().meta({ example: "viewer" }),
  scope: Scope.optional(),
  /** Keys of a disabled one do not work, from the next request on. */
  isDisabled: z.boolean().optional(),
});
export type ServiceAccountChange = z.input<typeof ServiceAccountChange>;

export const ServiceAccountList = z.object({ accounts: z.array(ServiceAccount) });
export type ServiceAccountList = z.infer<typeof ServiceAccountList>;
