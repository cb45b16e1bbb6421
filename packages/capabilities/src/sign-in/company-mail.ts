import type { Host } from "@finops/platform/host";

interface CompanyMail {
  to: string;
  subject: string;
  text: (company: string) => string;
}

/** Sends a mail that says which company it is about. */
export async function mailOfCompany(host: Host, tenantId: string, { to, subject, text }: CompanyMail): Promise<void> {
  const { name } = await host.db.inTenant(tenantId, (tx) =>
    tx.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { name: true } }),
  );
  await host.mail.send({ to, subject, text: text(name) });
}
