import { newId } from "@finops/kernel/id";
import type { Tx } from "../db/database.ts";
import type { Host } from "../host.ts";
import { allPermissions } from "../access/permissions.ts";
import type { RowFilter } from "../access/row-filter.ts";
import type { CompanyState } from "./tenants.ts";

export interface Actor {
  kind: "person" | "key" | "system";
  id: string;
  name: string;
}

/** How something was asked for: in a page, with an API key, by work that was queued, on the command line, by the platform. */
export const vias = ["page", "key", "job", "cli", "system"] as const;
export type Via = (typeof vias)[number];

/** Who asks, for which company, and what they may do: the first argument of every service. */
export interface Context {
  readonly host: Host;
  readonly tenantId: string;
  readonly companyState: CompanyState;
  readonly actor: Actor;
  readonly via: Via;
  /** Where the request came from, as the host knows it; null for work without a request. */
  readonly address: string | null;
  /** The session of a person in the page; null for anybody else. */
  readonly sessionId: string | null;
  readonly permissions: ReadonlySet<string>;
  /** What limits a permission to some rows of costs; a permission that is not here holds for the whole company. */
  readonly rowFilters: ReadonlyMap<string, RowFilter>;
  /** The costs that `costs:read` is limited to; null for the whole company's. */
  readonly rowFilter: RowFilter | null;
  /** Ties log lines, audit entries and error answers of one request together. */
  readonly requestId: string;
  /** Told of each permission that was required and there; see access/permission-uses.ts. */
  readonly noteUse: ((permission: string) => void) | null;
  /** The only way to the company's rows: one transaction with the company set. Nothing slow belongs inside. */
  inTenant<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface ContextOptions {
  tenantId: string;
  /** Left out, the company works. */
  companyState?: CompanyState;
  actor: Actor;
  via: Via;
  address?: string | null;
  sessionId?: string | null;
  permissions: Iterable<string>;
  /** Left out, no permission is limited. */
  rowFilters?: ReadonlyMap<string, RowFilter>;
  requestId?: string;
  noteUse?: Context["noteUse"];
}

export function createContext(host: Host, options: ContextOptions): Context {
  const {
    tenantId,
    companyState = "active",
    actor,
    via,
    address = null,
    sessionId = null,
    rowFilters = new Map<string, RowFilter>(),
    requestId = newId(),
    noteUse = null,
  } = options;
  return {
    host,
    tenantId,
    companyState,
    actor,
    via,
    address,
    sessionId,
    permissions: new Set(options.permissions),
    rowFilters,
    rowFilter: rowFilters.get("costs:read") ?? null,
    requestId,
    noteUse,
    inTenant: (work) => host.db.inTenant(tenantId, work),
  };
}

/** The platform's own work, such as a scheduled import or a command of the operator: it may do everything in one company. */
export function createSystemContext(host: Host, tenantId: string, name: string, via: Via = "system"): Context {
  return createContext(host, {
    tenantId,
    actor: { kind: "system", id: "system", name },
    via,
    permissions: allPermissions,
  });
}
