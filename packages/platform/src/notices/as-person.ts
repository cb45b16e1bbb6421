import type { Tx } from "../db/database.ts";

/**
 * Runs work that sees, of what belongs to single people, what is this person's: the database shows a transaction nobody's as long as
 * it names nobody.
 */
export async function asPerson<T>(tx: Tx, personId: string, work: () => Promise<T>): Promise<T> {
  await name(tx, personId);
  const result = await work();
  await name(tx, "");
  return result;
}

async function name(tx: Tx, personId: string): Promise<void> {
  // `true`: the setting ends with the transaction, and with one that is taken back.
  await tx.$queryRaw`select set_config('app.person_id', ${personId}, true)`;
}
