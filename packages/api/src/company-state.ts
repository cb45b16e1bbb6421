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
  const what = state === "locked" ? "This company is locked." : "This company is about to be deleted.";
  if (!asked.isOwner) throw new AppError("unauthenticated", `${what} Ask one of its owners about it.`);
  throw new AppError(
    "precondition",
    `${what}${reason} Its owners can export its data${state === "leaving" ? " and keep the company" : ""}; everything else is shut.`,
    { facts: { state, reason: said } },
  );
}

function isAllowed(state: CompanyState, { isOwner, method, path }: Asked): boolean {
  const isReading = method === "GET" || method === "HEAD" || readingPosts.has(path);
  const isAnyTime = takenAlong.test(path) || path === "/api/companies/switch";
  if (state === "read-only") return isReading || isAnyTime;
  if (!isOwner) return false;
  if (path === "/api/v1/company" || path === "/api/companies") return isReading;
  return isAnyTime || (state === "leaving" && path === "/api/v1/company/deletion");
}
