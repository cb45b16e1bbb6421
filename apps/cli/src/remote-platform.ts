import { openAsBlob } from "node:fs";
import { AuditSealing, AuditVerification } from "@finops/capabilities/audit/contract";
import { CompanySummary } from "@finops/capabilities/companies/contract";
import { CostAnswer } from "@finops/capabilities/costs/contract";
import type { ExportRequestInput } from "@finops/capabilities/exports/contract";
import { KeyList, NewKey } from "@finops/capabilities/keys/contract";
import { EndedSessions, SessionList } from "@finops/capabilities/sessions/contract";
import { ImportJob } from "@finops/capabilities/sources/contract";
import { AppError, type ErrorCode } from "@finops/kernel/app-error";
import * as z from "zod";
import type { Platform, Watch } from "./platform.ts";
import { writeWhole } from "./write-whole.ts";

const LeavesAt = z.object({ leavesAt: z.string().nullable() });
const Renewal = z.object({ renewed: z.number() });
const Rotation = z.object({ rewrapped: z.number(), source: z.enum(["environment", "file"]) });

interface Server {
  url: string;
  key: string;
}

/** The same commands, done by a server through its API. */
export function openRemotePlatform(server: Server): Platform {
  const api = clientOf(server);
  return {
    async importBills(tenant, { files, options, createTenant }, watch) {
      if (createTenant) await api.call(tenant, "POST", "/api/local/tenants", { slug: tenant });
      const opened = await api.get(tenant, "POST", "/api/v1/imports", ImportJob);
      for (const file of files)
        await api.send(
          tenant,
          `/api/v1/imports/${opened.id}/file?name=${encodeURIComponent(file.name)}`,
          await openAsBlob(file.path),
          watch.signal,
        );
      await api.call(tenant, "POST", `/api/v1/imports/${opened.id}/start`, options);
      return (await waitFor(api, tenant, opened.id, watch)).reports;
    },
    async reprocess(tenant, choice, watch) {
      const started = await api.get(tenant, "POST", "/api/v1/reprocess", ImportJob, choice);
      return (await waitFor(api, tenant, started.id, watch)).reports;
    },
    query: (tenant, query) => api.get(tenant, "POST", "/api/v1/cost/query", CostAnswer, query),
    async exportCosts(tenant, { period, format, out }) {
      const wish: ExportRequestInput = { what: { kind: "focus", query: { period } }, format, textCells: "as-is" };
      const answer = await api.open(tenant, "/api/v1/export", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(wish),
      });
      await writeWhole(out, answer.body!);
      return { rows: Number(answer.headers.get("x-finops-rows")) };
    },
    async prove(tenant, figure, out) {
      const path = `/api/v1/proof/pack?figure=${encodeURIComponent(JSON.stringify(figure))}`;
      await writeWhole(out, (await api.open(tenant, path)).body!);
    },
    link: async (tenant) => ((await api.call(tenant, "POST", "/api/local/link", {})) as { link: string }).link,
    listCompanies: async () =>
      (await api.get("", "GET", "/api/local/companies", z.object({ companies: z.array(CompanySummary) }))).companies,
    createCompany: (wish) => api.get("", "POST", "/api/local/companies", CompanySummary, wish),
    setCompanyState: (tenant, wish) =>
      api.get(tenant, "PUT", `/api/local/companies/${encodeURIComponent(tenant)}/state`, CompanySummary, wish),
    deleteCompany: (tenant, { now }) =>
      api.get(tenant, "DELETE", `/api/local/companies/${encodeURIComponent(tenant)}?now=${now}`, LeavesAt),
    verifyAudit: (tenant) => api.get(tenant, "GET", "/api/v1/audit/verify", AuditVerification),
    sealAudit: (tenant, before) => api.get(tenant, "POST", "/api/v1/audit/seal", AuditSealing, { before }),
    listSessions: (tenant) => api.get(tenant, "GET", "/api/v1/sessions?of=everyone", SessionList),
    async endSessions(tenant, which) {
      if (which === "everyone") return (await api.get(tenant, "POST", "/api/v1/sessions/end-all", EndedSessions)).ended;
      await api.call(tenant, "DELETE", `/api/v1/sessions/${encodeURIComponent(which)}`);
      return 1;
    },
    listKeys: (tenant) => api.get(tenant, "GET", "/api/v1/keys", KeyList),
    createKey: (tenant, wish) => api.get(tenant, "POST", "/api/v1/keys", NewKey, wish),
    async revokeKey(tenant, id) {
      await api.call(tenant, "DELETE", `/api/v1/keys/${encodeURIComponent(id)}`);
    },
    async resetSecondFactor(tenant, email) {
      const company = `/api/local/companies/${encodeURIComponent(tenant)}`;
      await api.call(tenant, "DELETE", `${company}/second-factors/${encodeURIComponent(email)}`);
    },
    async openNetwork(tenant) {
      await api.call(tenant, "PUT", "/api/v1/network-policy", { allowedRanges: [] });
    },
    rotateSecrets: async () => Rotation.parse(await api.call("", "POST", "/api/local/secrets/rotate", {})),
    renewDataKeys: async () => (await api.get("", "POST", "/api/local/secrets/renew", Renewal, {})).renewed,
    close: () => Promise.resolve(),
  };
}

async function waitFor(api: Client, tenant: string, id: string, { signal, onProgress }: Watch): Promise<ImportJob> {
  const cancel = () => void api.call(tenant, "POST", `/api/v1/imports/${id}/cancel`, {}).catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  for (;;) {
    const job = await api.get(tenant, "GET", `/api/v1/imports/${id}`, ImportJob);
    if (job.progress !== null) onProgress(job.progress);
    if (job.state === "done") return job;
    if (job.state === "failed")
      throw new AppError((job.error?.code ?? "internal") as ErrorCode, job.error?.message ?? "The import failed.");
    if (job.state === "cancelled") throw new AppError("precondition", "The import was cancelled.");
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

const distrusted =
  "has a certificate that this machine does not trust. Name its authority, such as NODE_EXTRA_CA_CERTS=certs/ca.pem.";

/** Node tells an unknown authority by these codes, below its own "fetch failed". */
function isDistrusted(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  return /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT))/.test(
    cause?.code ?? "",
  );
}

type Client = ReturnType<typeof clientOf>;

function clientOf({ url, key }: Server) {
  const headersOf = (tenant: string) => ({
    authorization: `Bearer ${key}`,
    "x-finops-tenant": tenant,
    "x-finops-request": "cli",
  });
  const open = async (tenant: string, path: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await fetch(new URL(path, url), {
      ...init,
      headers: { ...headersOf(tenant), ...(init.headers as Record<string, string>) },
    }).catch((error: unknown) => {
      throw new AppError("upstream", `The server at ${url} ${isDistrusted(error) ? distrusted : "does not answer."}`, {
        cause: error,
      });
    });
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => null)) as {
      code?: ErrorCode;
      detail?: string;
      facts?: Record<string, unknown>;
    } | null;
    throw new AppError(problem?.code ?? "upstream", problem?.detail ?? `The server answered ${answer.status}.`, {
      facts: problem?.facts ?? {},
    });
  };
  const request = async (tenant: string, path: string, init: RequestInit): Promise<unknown> => {
    const answer = await open(tenant, path, init);
    return answer.status === 204 ? null : answer.json().catch(() => null);
  };
  const call = (tenant: string, method: string, path: string, body?: unknown) =>
    request(tenant, path, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined || method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
  return {
    open,
    call,
    get: async <T>(tenant: string, method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> =>
      schema.parse(await call(tenant, method, path, body)),
    send: (tenant: string, path: string, content: Blob, signal: AbortSignal) =>
      request(tenant, path, {
        method: "PUT",
        headers: { "content-type": "application/octet-stream" },
        body: content,
        signal,
      }),
  };
}
