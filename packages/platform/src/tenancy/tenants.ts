import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import * as z from "zod";
import { builtInRoles } from "../access/permissions.ts";
import type { Database } from "../db/database.ts";

/** Works; is only read; is shut; is shut and will be deleted. */
export const companyStates = ["active", "read-only", "locked", "leaving"] as const;
export type CompanyState = (typeof companyStates)[number];

export interface Tenant {
  id: string;
  slug: string;
  name: string;
  currency: string;
  /** Month 1 to 12 in which the financial year starts. */
  fiscalYearStart: number;
  timeZone: string;
  state: CompanyState;
  createdAt: Date;
}

export const TenantInput = z.object({
  /** Part of host names (`acme.example.com`) and of the command line. */
  slug: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "Use 1 to 63 lower-case letters, digits and hyphens, such as acme-eu.",
    ),
  name: z.string().min(1).max(120),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "Use an ISO 4217 code such as USD.")
    .default("USD"),
  fiscalYearStart: z.int().min(1).max(12).default(1),
  timeZone: z.string().refine(isTimeZone, "Use a name such as Europe/Berlin.").default("UTC"),
});

export type TenantInput = z.input<typeof TenantInput>;

interface TenantRow {
  id: string;
  slug: string;
  name: string;
  currency: string;
  fiscal_year_start: number;
  time_zone: string;
  state: CompanyState;
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
  const rows = await db.inDirectory((tx) => tx.$queryRaw<TenantRow[]>`select * from find_tenant(${slug})`);
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

function parseTenantInput(input: TenantInput): z.output<typeof TenantInput> {
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
    createdAt: row.created_at,
  };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
