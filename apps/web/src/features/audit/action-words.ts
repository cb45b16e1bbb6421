/** What is done to what, in the words of a sentence after somebody's name. An action that is not here is told as it is named. */
const words: Readonly<Record<string, string>> = {
  "member.invited": "invited a person",
  "member.changed": "changed a person",
  "member.removed": "removed a person",
  "member.sign-in-link-sent": "sent a sign-in link",
  "group.created": "made a group",
  "group.changed": "changed a group",
  "group.deleted": "deleted a group",
  "group.member-added": "put a person into a group",
  "group.member-removed": "took a person out of a group",
  "role.created": "made a role",
  "role.changed": "changed a role",
  "role.deleted": "deleted a role",
  "grant.given": "gave access",
  "grant.revoked": "revoked access",
  "unit.created": "made a unit",
  "unit.changed": "changed a unit",
  "unit.accounts-changed": "changed the accounts of a unit",
  "unit.deleted": "deleted a unit",
  "api-key.created": "made an API key",
  "api-key.revoked": "revoked an API key",
  "session.started": "signed in",
  "session.ended": "signed out",
  "sign-in.refused": "was refused at the sign-in",
  "access.denied": "was refused",
  "bill.imported": "imported a bill",
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
  { value: "unit", label: "Units" },
  { value: "api-key", label: "API keys" },
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
