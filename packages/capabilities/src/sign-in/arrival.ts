import { newId } from "@finops/kernel/id";
import type { Host } from "@finops/platform/host";
import { type Context, createContext } from "@finops/platform/tenancy/context";

/** Where a request of somebody who is not signed in comes from. */
export interface Arrival {
  address: string | null;
  requestId: string;
  /** Who is signed in with the browser's session, where one is. */
  userId: string | null;
}

/** Who acts before they have a session: for the audit alone, allowed nothing. */
export function createPersonContext(
  host: Host,
  tenantId: string,
  person: { id: string; name: string },
  { address, requestId }: Pick<Arrival, "address" | "requestId">,
): Context {
  return createContext(host, {
    tenantId,
    actor: { kind: "person", ...person },
    via: "page",
    address,
    permissions: [],
    requestId: requestId === "" ? newId() : requestId,
  });
}
