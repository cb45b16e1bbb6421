import type * as z from "zod";

/**
 * One section of a company's settings, such as how long sessions last. The column keeps every section under its key; what a
 * section holds, and what holds where nothing was set, is its schema's: it parses `{}` to the defaults.
 */
export interface SettingsSection<T> {
  key: string;
  schema: z.ZodType<T>;
}

/** A section of the settings' column. */
export function parseSection<T>(settings: unknown, { key, schema }: SettingsSection<T>): T {
  const all = typeof settings === "object" && settings !== null ? (settings as Record<string, unknown>) : {};
  return schema.parse(all[key] ?? {});
}
