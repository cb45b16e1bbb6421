import type { Prisma } from "./generated/client.ts";

/** A value as a `jsonb` column takes it: what JSON cannot say is left out, and dates become text. */
export function toJsonColumn(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}
