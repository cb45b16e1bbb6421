import { AppError } from "@finops/kernel/app-error";
import { stateReasonOf } from "@finops/platform/tenancy/company-state";
import type { CompanyState } from "@finops/platform/tenancy/tenant-input";
import { readingPosts } from "./idempotency.ts";

interface Asked {
  /** Whether an owner of the company asks. */
  isOwner: boolean;
  method: string;
  path: string;
}

/** What a company takes along: it can be had in every state. */
const takenAlong = /^\/api\/v1\/company\/exports(\/|$)/;

/**
 * What a company can be asked that does not work as usual. Read-only, everything that changes nothing; locked or leaving, its
 * owners read why, take their data along, and end the leaving.
 * @throws unauthenticated for who does not get in, precondition for what waits
 */
export function requireState(company: { companyState: CompanyState; companySettings: unknown }, asked: Asked): void {
  const { companyState: state, companySettings } = company;
  if (state === "active" || isAllowed(state, asked)) return;
  const said = stateReasonOf(companySettings);
  const reason = said === "" ? "" : ` The reason: ${said}`;
  if (state === "read-only")
    throw new AppError(
      "precondition",
      `This company is read-only.${reason} Its costs can be read and exported; changes and imports wait until the operator of the platform resumes it.`,
      { facts: { state, reason: said } },
    );
  requireEntry(state, asked);
  const what = shut[state];
  throw new AppError(
    "precondition",
    `${what}${reason} Its owners can export its data${state === "leaving" ? " and keep the company" : ""}; everything else is shut.`,
    { facts: { state, reason: said } },
  );
}

/** A company that is shut lets in its owners alone. @throws unauthenticated */
export function requireEntry(state: CompanyState, { isOwner }: { isOwner: boolean }): void {
  if (state === "active" || state === "read-only" || isOwner) return;
  throw new AppError("unauthenticated", `${shut[state]} Ask one of its owners about it.`);
}

const shut = { locked: "This company is locked.", leaving: "This company is about to be deleted." } as const;

function isAllowed(state: CompanyState, { isOwner, method, path }: Asked): boolean {
  const isReading = method === "GET" || method === "HEAD" || readingPosts.has(path);
  const isAnyTime = takenAlong.test(path) || path === "/api/companies/switch";
  // A token changes nothing by itself.
  if (state === "read-only") return isReading || path === "/api/tokens" || isAnyTime;
  if (!isOwner) return false;
  if (path === "/api/v1/company" || path === "/api/companies") return isReading;
  return isAnyTime || (state === "leaving" && path === "/api/v1/company/deletion");
}
