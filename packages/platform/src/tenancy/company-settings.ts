import type { Tx } from "../db/database.ts";
import { parseSection, type SettingsSection } from "./settings-section.ts";

export { parseSection, type SettingsSection };

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
