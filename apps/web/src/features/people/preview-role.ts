import type { AccessReason, Member, RoleList, Scope, WhatCan } from "@finops/capabilities/people/contract";

export interface PreviewLine {
  permission: string;
  about: string;
  /** What the draft makes of it for this person. */
  change: "stays" | "gained" | "lost" | "other-costs";
  /** The costs that it would hold for, one for each reason; null is all of them. Empty when it is lost. */
  scopes: readonly Scope[];
}

interface Draft {
  /** The role that is being changed, which the person would have in the company. */
  key: string;
  permissions: readonly string[];
}

/**
 * What a person could do if they had a role as it is written at this moment: in the company in place of what they have there,
 * and in every grant of that role. Their other grants stay. A limited role gives only what can be limited.
 */
export function previewRole(
  draft: Draft,
  person: Pick<Member, "scope">,
  can: WhatCan["permissions"],
  catalog: RoleList["permissions"],
): PreviewLine[] {
  const grants = grantsIn(can);
  return catalog.flatMap(({ key: permission, about, canBeLimited }) => {
    const reasons = can.find((one) => one.permission === permission)?.through ?? [];
    const others = reasons.filter((reason) => reason.grantId !== null && reason.role !== draft.key);
    const drafted = draft.permissions.includes(permission)
      ? [person.scope, ...grants.filter((grant) => grant.role === draft.key).map((grant) => grant.scope)]
      : [];
    const scopes = [...others.map((reason) => reason.scope), ...drafted].filter(
      (scope) => scope === null || canBeLimited,
    );
    const after = scopes.includes(null) ? [null] : distinct(scopes);
    const before = reasons.some((reason) => reason.scope === null)
      ? [null]
      : distinct(reasons.map(({ scope }) => scope));
    if (before.length === 0 && after.length === 0) return [];
    const change =
      before.length === 0 ? "gained" : after.length === 0 ? "lost" : isSame(before, after) ? "stays" : "other-costs";
    return [{ permission, about, change, scopes: after }];
  });
}

/** Every grant that gives the person anything, once. */
function grantsIn(can: WhatCan["permissions"]): AccessReason[] {
  const byId = new Map<string, AccessReason>();
  for (const reason of can.flatMap((one) => one.through)) if (reason.grantId !== null) byId.set(reason.grantId, reason);
  return [...byId.values()];
}

function distinct(scopes: readonly Scope[]): Scope[] {
  return [...new Map(scopes.map((scope) => [JSON.stringify(scope), scope])).values()];
}

function isSame(one: readonly Scope[], other: readonly Scope[]): boolean {
  const keys = (scopes: readonly Scope[]) =>
    scopes
      .map((scope) => JSON.stringify(scope))
      .toSorted()
      .join(" ");
  return keys(one) === keys(other);
}
