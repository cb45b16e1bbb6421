/** What is done to what, in the words of a sentence after somebody's name. An action that is not here is told as it is named. */
const words: Readonly<Record<string, string>> = {
  "member.joined": "joined the company by signing in",
  "member.provisioned": "was made a member by the identity provider",
  "member.changed": "changed a person",
  "member.removed": "removed a person",
  "profile.changed": "changed their own name",
  "invitation.sent": "invited a person",
  "invitation.resent": "sent an invitation again",
  "invitation.revoked": "took an invitation back",
  "invitation.accepted": "accepted an invitation",
  "group.created": "made a group",
  "group.changed": "changed a group",
  "group.deleted": "deleted a group",
  "group.member-added": "put a person into a group",
  "group.member-removed": "took a person out of a group",
  "group.provisioned": "kept a group of the identity provider",
  "role.created": "made a role",
  "role.changed": "changed a role",
  "role.deleted": "deleted a role",
  "grant.given": "gave access",
  "grant.revoked": "revoked access",
  "access.delegated": "delegated access",
  "access-rule.created": "made a rule of access",
  "access-rule.deleted": "deleted a rule of access",
  "access.rules-applied": "applied the rules of access",
  "approval-policies.changed": "changed what needs approval",
  "change.requested": "asked for a change",
  "change.approved": "approved a change",
  "change.rejected": "rejected a change",
  "change.withdrawn": "withdrew a change",
  "change.applied": "made a change that was approved",
  "change.failed": "could not make a change that was approved",
  "unit.created": "made a unit",
  "unit.changed": "changed a unit",
  "unit.accounts-changed": "changed the accounts of a unit",
  "unit.deleted": "deleted a unit",
  "api-key.created": "made an API key",
  "api-key.revoked": "revoked an API key",
  "service-account.created": "made a service account",
  "service-account.changed": "changed a service account",
  "token.given": "got an access token",
  "token.ended": "ended an access token",
  "session.started": "signed in",
  "session.ended": "signed out",
  "session.ended-everywhere": "signed out everywhere",
  "session.ended-of-member": "ended a person's sessions",
  "session.ended-of-all": "ended everybody's sessions",
  "session-policy.changed": "changed how long sessions last",
  "identity.linked": "added a way to sign in",
  "identity.unlinked": "removed a way to sign in",
  "identity-provider.added": "added a provider",
  "identity-provider.changed": "changed a provider",
  "identity-provider.removed": "removed a provider",
  "sign-in-settings.changed": "changed who may sign in",
  "second-factor.added": "added a second factor",
  "second-factor.shown": "showed the second factor",
  "second-factor.removed": "removed a second factor",
  "second-factor.reset": "reset a second factor",
  "second-factor.recovery-codes-renewed": "renewed the recovery codes",
  "provisioning.changed": "changed what provisioned people get",
  "network-policy.changed": "changed the allowed networks",
  "network.refused": "was refused for their network",
  "company.created": "made the company",
  "company.changed": "changed the company",
  "company.leaving": "asked for the company's deletion",
  "company.stays": "kept the company",
  "company.switched-to": "switched to this company",
  "company-domain.added": "added a domain",
  "company-domain.verified": "verified a domain",
  "company-domain.removed": "removed a domain",
  "company-export.started": "began an export of everything",
  "company-export.downloaded": "took an export of everything along",
  "demo-data.started": "took the demo data",
  "sign-in.refused": "was refused at the sign-in",
  "access.denied": "was refused",
  "bill.imported": "imported a bill",
  "period.published": "published a month",
  "period.removed": "removed a month",
  "period.rolled_back": "rolled a month back",
  "source.changed": "changed a source",
  "costs.exported": "exported costs",
  "proof.exported": "exported a proof",
  "audit.exported": "exported the audit",
  "audit.sealed": "put old entries into files",
  "report.run": "ran a report",
  "report.created": "made a report",
  "report.changed": "changed a report",
  "report.deleted": "deleted a report",
  "dashboard.created": "made a dashboard",
  "dashboard.changed": "changed a dashboard",
  "dashboard.deleted": "deleted a dashboard",
  "view.created": "saved a view",
  "view.changed": "changed a view",
  "view.deleted": "deleted a view",
};

/** What entries are about, for the filter: the beginning of an action, up to the point. */
export const actionThings: readonly { value: string; label: string }[] = [
  { value: "member", label: "People" },
  { value: "group", label: "Groups" },
  { value: "role", label: "Roles" },
  { value: "grant", label: "Grants" },
  { value: "invitation", label: "Invitations" },
  { value: "access-rule", label: "Rules of access" },
  { value: "change", label: "Approvals" },
  { value: "unit", label: "Units" },
  { value: "api-key", label: "API keys" },
  { value: "service-account", label: "Service accounts" },
  { value: "company", label: "The company" },
  { value: "period", label: "Published months" },
  { value: "security", label: "Security" },
  { value: "session", label: "Sign-ins and sign-outs" },
  { value: "sign-in", label: "Refused sign-ins" },
  { value: "access", label: "Refused access" },
  { value: "bill", label: "Bills" },
  { value: "source", label: "Sources" },
  { value: "costs", label: "Exports of costs" },
  { value: "view", label: "Views" },
  { value: "dashboard", label: "Dashboards" },
  { value: "report", label: "Reports" },
  { value: "audit", label: "The audit itself" },
];

export const knownActions: readonly string[] = Object.keys(words);

export function actionWords(action: string): string {
  return Object.hasOwn(words, action) ? words[action]! : action;
}

export const viaWords: Readonly<Record<string, string>> = {
  page: "Page",
  key: "API key",
  job: "Job",
  cli: "Command line",
  system: "Platform",
};

/** What an entry is about, by the names that it states: `ann@acme.example`, `Cloud`, `/api/v1/members`. */
export function subjectOf(before: unknown, after: unknown): string {
  for (const value of [after, before]) {
    if (typeof value !== "object" || value === null) continue;
    const fields = value as Record<string, unknown>;
    const subject = fields["subject"];
    if (typeof subject === "object" && subject !== null && "name" in subject && typeof subject.name === "string")
      return subject.name;
    for (const name of names) if (typeof fields[name] === "string" && fields[name] !== "") return fields[name];
  }
  return "";
}

const names = ["email", "name", "title", "fileName", "file", "account", "request", "path", "reason"];
