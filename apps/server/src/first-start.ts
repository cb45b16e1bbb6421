import type { Day } from "@finops/kernel/period";
import { allPermissions } from "@finops/platform/access/permissions";
import { createContext, createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant, findTenant, type Tenant } from "@finops/platform/tenancy/tenants";
import { makeDemoBudgets } from "./demo-budgets.ts";
import type { ServerHost } from "./host-parts.ts";
import { demoMonths, importDemo } from "./import-demo.ts";
import { createOwnerLink, ensureOwner } from "./owner-link.ts";

const demoSlug = "demo";

export interface DemoOptions {
  demoRows: number;
  /** The last day that the demo was billed for; today where it is left out. */
  demoEnd?: Day;
}

/** Makes the demo company where there is none, and prints the address and a link that signs its owner in, once; gives the link. */
export async function firstStart(server: ServerHost, url: string, options: DemoOptions): Promise<string> {
  const { host } = server;
  const known = await findTenant(host.db, demoSlug);
  const tenant = known ?? (await createTenant(host.db, { slug: demoSlug, name: "Harborline (demo)", currency: "USD" }));
  const isEmpty = (await host.db.inTenant(tenant.id, (tx) => tx.publication.count())) === 0;
  if (isEmpty && options.demoRows > 0) await importFirstDemo(server, tenant, options);
  const link = await createOwnerLink(host, tenant, url);
  console.log(`\nReady: ${url}\nSign in (once, within 15 minutes): ${link}\nCtrl-C stops everything.\n`);
  return link;
}

async function importFirstDemo(
  { host, pipeline, store }: ServerHost,
  tenant: Tenant,
  { demoRows, demoEnd }: DemoOptions,
): Promise<void> {
  const report = progressLine();
  try {
    const bills = { rows: demoRows, end: demoEnd ?? host.clock.today(), months: demoMonths };
    await importDemo(createSystemContext(host, tenant.id, "first start"), pipeline, bills, {
      onProgress: ({ share, label, secondsLeft }) =>
        report(
          `Making the demo: ${Math.round(share * 100)} % (${label}${secondsLeft === null ? "" : `, ${secondsLeft} s left`})`,
        ),
    });
    const actor = { kind: "person" as const, ...(await ensureOwner(host, tenant)) };
    const owner = createContext(host, { tenantId: tenant.id, actor, via: "system", permissions: allPermissions });
    await makeDemoBudgets(owner, store, bills.end);
  } finally {
    report("");
  }
}

/** One line that is written over; without a terminal, a line for each new step. */
function progressLine(): (text: string) => void {
  let last = "";
  return (text) => {
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text}`);
    else if (text !== "" && text.slice(0, 22) !== last) console.log(text);
    last = text.slice(0, 22);
  };
}
