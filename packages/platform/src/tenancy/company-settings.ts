import type * as z from "zod";
import type { Tx } from "../db/database.ts";

/**
 * One section of a company's settings, such as how long sessions last. The column keeps every section under its key; what a
 * section holds, and what holds where nothing was set, is its schema's: it parses `{}` to the defaults.
 */
export interface SettingsSection<T> {
  key: string;
  schema: z.ZodType<T>;
}

/** A section as it holds; what was never set has the defaults of its schema. */
export async function readSettings<T>(tx: Tx, tenantId: string, section: SettingsSection<T>): Promise<T> {
  const { settings } = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { settings: true } });
  return parseSection(settings, section);
}

/** Writes a section whole and leaves the others as they are, also where two are written at once. */
export async function writeSettings<T>(
  tx: Tx,
  tenantId: string,
  { key, schema }: SettingsSection<T>,
  value: T,
): Promise<void> {
  const stored = JSON.stringify(schema.parse(value));
  await tx.$executeRaw`
    update tenant set settings = jsonb_set(settings, array[${key}], ${stored}::jsonb) where id = ${tenantId}::uuid`;
}

/** A section of the settings' column. */
export function parseSection<T>(settings: unknown, { key, schema }: SettingsSection<T>): T {
  const all = typeof settings === "object" && settings !== null ? (settings as Record<string, unknown>) : {};
  return schema.parse(all[key] ?? {});
}
