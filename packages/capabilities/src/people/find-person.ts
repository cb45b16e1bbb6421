import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";

/**
 * A person of the company by id.
 * @param field that names them, for who reads why it was refused
 * @throws invalid for anybody else
 */
export async function findPerson(tx: Tx, id: string, field: string): Promise<{ id: string; name: string }> {
  const member = isId(id) ? await tx.membership.findFirst({ where: { userId: id }, include: { user: true } }) : null;
  if (member === null) throw new AppError("invalid", `${field}: There is no such person in the company.`);
  return { id, name: member.user.name === "" ? member.user.email : member.user.name };
}
