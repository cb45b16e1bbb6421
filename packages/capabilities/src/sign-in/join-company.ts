import { audit } from "@finops/platform/audit/audit";
import type { Host } from "@finops/platform/host";
import { type Arrival, createPersonContext } from "./arrival.ts";

interface Joining {
  tenantId: string;
  userId: string;
  email: string;
  name: string;
  role: string;
  arrival: Arrival;
}

/** Makes somebody a member, as the company's settings say; one who is a member stays what they are. */
export async function join(host: Host, { tenantId, userId, email, name, role, arrival }: Joining): Promise<void> {
  await host.db.inTenant(tenantId, async (tx) => {
    const { id: roleId } = await tx.role.findUniqueOrThrow({ where: { tenantId_key: { tenantId, key: role } } });
    const made = await tx.membership.createMany({
      data: [{ tenantId, userId, roleId, name, createdAt: host.clock.now() }],
      skipDuplicates: true,
    });
    if (made.count === 0) return;
    const ctx = createPersonContext(host, tenantId, { id: userId, name: name || email }, arrival);
    await audit(tx, ctx, "member.joined", { after: { id: userId, email, role } });
  });
}
