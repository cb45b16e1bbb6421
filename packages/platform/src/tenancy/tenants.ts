import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { builtInRoles } from "../access/permissions.ts";
import type { Database } from "../db/database.ts";
import { stateReasonOf } from "./company-state.ts";
import { type CompanyState, TenantInput } from "./tenant-input.ts";

export type { CompanyState, TenantInput } from "./tenant-input.ts";

export interface Tenant {
  id: string;
  slug: string;
  name: string;
  currency: string;
  /** Month 1 to 12 in which the financial year starts. */
  fiscalYearStart: number;
  timeZone: string;
  state: CompanyState;
  /** Why it does not work as usual. */
  stateReason: string;
  /** When it is deleted; null unless it leaves. */
  leavesAt: Date | null;
  createdAt: Date;
}

interface TenantRow {
  id: string;
  slug: string;
  name: string;
  currency: string;
  fiscal_year_start: number;
  time_zone: string;
  state: CompanyState;
  settings: unknown;
  leaves_at: Date | null;
  created_at: Date;
}

/** Makes a company with its built-in roles. @throws conflict when the slug is taken, invalid on bad input. */
export async function createTenant(db: Database, input: TenantInput): Promise<Tenant> {
  const { slug, name, currency, fiscalYearStart, timeZone } = parseTenantInput(input);
  const id = newId();
  return db.inDirectory(async (tx) => {
    if (await findTenant(db, slug))
      throw new AppError("conflict", `There is a company "${slug}" already. Choose another slug.`);
    await tx.$queryRaw`select create_tenant(${id}::uuid, ${slug}, ${name}, ${currency}, ${fiscalYearStart}::int, ${timeZone})::text`;
    await db.inTenant(id, () =>
      tx.role.createMany({
        data: Object.entries(builtInRoles).map(([key, role]) => ({
          tenantId: id,
          key,
          name: role.name,
          builtIn: true,
        })),
      }),
    );
    return (await findTenant(db, slug))!;
  });
}

export async function findTenant(db: Database, slug: string): Promise<Tenant | null> {
  const rows = await db.askDirectory((tx) => tx.$queryRaw<TenantRow[]>`select * from find_tenant(${slug})`);
  return rows[0] ? toTenant(rows[0]) : null;
}

/** The company that has shown a host name to be its own. */
export async function findTenantByDomain(db: Database, domain: string): Promise<Tenant | null> {
  const rows = await db.askDirectory((tx) => tx.$queryRaw<TenantRow[]>`select * from find_tenant_by_domain(${domain})`);
  return rows[0] ? toTenant(rows[0]) : null;
}

/** @throws not_found when there is no such company. */
export async function getTenant(db: Database, slug: string): Promise<Tenant> {
  const tenant = await findTenant(db, slug);
  if (!tenant) throw new AppError("not_found", `There is no company "${slug}".`);
  return tenant;
}

/** Every company, by slug. For the operator and for the platform's own rounds, never for a request of a company. */
export async function listTenants(db: Database): Promise<Tenant[]> {
  const rows = await db.inDirectory((tx) => tx.$queryRaw<TenantRow[]>`select * from list_tenants()`);
  return rows.map(toTenant);
}

/** Deletes a company's rows, all of them; its files and cost store are the caller's. False when it was gone already. */
export async function deleteTenant(db: Database, tenantId: string): Promise<boolean> {
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<{ deleted: boolean }[]>`select delete_tenant(${tenantId}::uuid) as deleted`,
  );
  return rows[0]?.deleted ?? false;
}

function parseTenantInput(input: TenantInput): Required<TenantInput> {
  const { data, error } = TenantInput.safeParse(input);
  if (data) return data;
  const sentences = error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new AppError("invalid", `The company cannot be made. ${sentences.join(" ")}`, { facts: { issues: sentences } });
}

function toTenant(row: TenantRow): Tenant {
  const { id, slug, name, currency, state } = row;
  return {
    id,
    slug,
    name,
    currency,
    state,
    fiscalYearStart: row.fiscal_year_start,
    timeZone: row.time_zone,
    stateReason: stateReasonOf(row.settings),
    leavesAt: row.leaves_at,
    createdAt: row.created_at,
  };
}
