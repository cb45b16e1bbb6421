import { sealAudit, verifyAudit } from "@finops/capabilities/audit/index";
import { createCompanyOf, toSummary } from "@finops/capabilities/companies/index";
import { removeCompany } from "@finops/capabilities/companies/on-node";
import { queryCosts } from "@finops/capabilities/costs/index";
import { exportCosts } from "@finops/capabilities/exports/on-node";
import { createKey, listKeys, revokeKey } from "@finops/capabilities/keys/index";
import { packProof } from "@finops/capabilities/proof/index";
import { endAllSessions, endSessionById, listSessions, setNetworkPolicy } from "@finops/capabilities/sessions/index";
import { resetSecondFactorOf } from "@finops/capabilities/sign-in/index";
import { AppError } from "@finops/kernel/app-error";
import { createLog } from "@finops/platform/observe/log";
import { setCompanyState, startLeaving } from "@finops/platform/tenancy/company-state";
import { createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant, findTenant, getTenant, listTenants } from "@finops/platform/tenancy/tenants";
import { createOwnerLink } from "@finops/server/owner-link";
import { importBills, reprocess } from "@finops/pipeline/run";
import { openEmbeddedHost } from "@finops/server/embedded-host";
import { findPaths } from "@finops/server/paths";
import { readPublicUrl } from "@finops/server/public-url";
import { readTlsFiles } from "@finops/server/tls-files";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { Platform } from "./platform.ts";
import { writeWhole } from "./write-whole.ts";

/** Starts the embedded parts on the data folder for as long as the command runs. */
export async function openLocalPlatform(dataDir: string, purpose: string): Promise<Platform> {
  if ((process.env.DATABASE_URL ?? "") !== "")
    throw new AppError(
      "precondition",
      "With DATABASE_URL, commands ask a server on the same data folder. Start one with FINOPS_ROLE=api, or name its folder by FINOPS_DATA.",
    );
  const log = createLog({ level: process.env.FINOPS_LOG ?? "error" });
  const memory = process.env.FINOPS_ENGINE_MEMORY_MB;
  const embedded = await openEmbeddedHost({
    dataDir,
    purpose,
    log,
    baseUrl: readPublicUrl(process.env, Number(process.env.PORT ?? 3000), readTlsFiles(process.env)),
    paths: findPaths(),
    ...(memory === undefined ? {} : { engineMemoryMb: Number(memory) }),
  });
  const { host, pipeline, store } = embedded;
  const reader = new CostReader(store);
  const contextOf = async (slug: string) =>
    createSystemContext(host, (await getTenant(host.db, slug)).id, "command line", "cli");
  return {
    async importBills(tenant, { files, options, createTenant: create }, { signal, onProgress }) {
      if (create && (await findTenant(host.db, tenant)) === null)
        await createTenant(host.db, { slug: tenant, name: tenant });
      const { format, definition, sourceName, takesOver, assume } = options;
      const request = {
        files,
        assume,
        ...(format === undefined ? {} : { format }),
        ...(definition === undefined ? {} : { definition }),
        ...(sourceName === undefined ? {} : { sourceName }),
        ...(takesOver === undefined ? {} : { takesOver }),
      };
      return importBills(await contextOf(tenant), pipeline, request, { signal, onProgress });
    },
    reprocess: async (tenant, choice, { signal, onProgress }) =>
      reprocess(await contextOf(tenant), pipeline, choice, { signal, onProgress }),
    query: async (tenant, query) => queryCosts(await contextOf(tenant), reader, query),
    exportCosts: async (tenant, { period, format, out }) =>
      exportCosts(
        await contextOf(tenant),
        { store, pipeline },
        { what: { kind: "focus", query: { period } }, format, textCells: "as-is" },
        out,
      ),
    prove: async (tenant, figure, out) => writeWhole(out, packProof(await contextOf(tenant), reader, figure)),
    link: async (tenant) => createOwnerLink(host, await getTenant(host.db, tenant)),
    listCompanies: async () => (await listTenants(host.db)).map(toSummary),
    createCompany: async (wish) => toSummary(await createCompanyOf(host, wish)),
    async setCompanyState(tenant, wish) {
      await setCompanyState(await contextOf(tenant), wish);
      return toSummary(await getTenant(host.db, tenant));
    },
    async deleteCompany(tenant, { now }) {
      const ctx = await contextOf(tenant);
      if (!now) return { leavesAt: (await startLeaving(ctx)).toISOString() };
      await removeCompany({ host, pipeline }, ctx.tenantId, { isDue: false });
      return { leavesAt: null };
    },
    verifyAudit: async (tenant) => verifyAudit(await contextOf(tenant)),
    sealAudit: async (tenant, before) => sealAudit(await contextOf(tenant), { before }),
    listSessions: async (tenant) => listSessions(await contextOf(tenant), { of: "everyone" }),
    async endSessions(tenant, which) {
      const ctx = await contextOf(tenant);
      if (which === "everyone") return (await endAllSessions(ctx)).ended;
      await endSessionById(ctx, which);
      return 1;
    },
    listKeys: async (tenant) => listKeys(await contextOf(tenant)),
    async createKey(tenant, wish) {
      const made = await createKey(await contextOf(tenant), wish);
      if (made.isApplied) return made.result;
      throw new AppError("internal", "A key waits for approval that the operator asked for.");
    },
    revokeKey: async (tenant, id) => revokeKey(await contextOf(tenant), id),
    resetSecondFactor: async (tenant, email) => resetSecondFactorOf(await contextOf(tenant), email),
    async openNetwork(tenant) {
      await setNetworkPolicy(await contextOf(tenant), { allowedRanges: [] });
    },
    rotateSecrets: () => embedded.rotateSecrets(),
    renewDataKeys: () => embedded.renewDataKeys(),
    close: () => embedded.close(),
  };
}
