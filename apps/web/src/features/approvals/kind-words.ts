/** What a kind of change is about, as the title of one. */
const titles: Readonly<Record<string, string>> = {
  "member.change": "A person's role",
  "member.invite": "An invitation",
  "role.create": "A new role",
  "role.change": "What a role allows",
  "grant.give": "Access beside a role",
  "group.add-member": "A place in a group",
  "access-rule.create": "A rule of access",
  "access.delegate": "A delegation",
  "budget.create": "A new budget",
  "budget.create-many": "Several new budgets",
  "budget.change": "A change of a budget",
  "budget.delete": "The deletion of a budget",
  "bills.roll-back": "An earlier state of bills",
  "key.create": "A new API key",
  "service-account.change": "A service account",
  "company.delete": "The company's deletion",
  "approval-policies.set": "What needs an approval",
};

/** What a policy is about, in a few words. */
const policies: Readonly<Record<string, string>> = {
  grants: "Access beside roles",
  roles: "Roles and invitations",
  delegations: "Delegations",
  budgets: "Budgets",
  "bill-rollbacks": "Earlier states of bills",
  keys: "API keys and service accounts",
  "company-deletion": "The company's deletion",
  "approval-policies": "These rules",
};

/** The kinds and the policies that have words, for the test that no other is there. */
export const known = { kinds: Object.keys(titles), policies: Object.keys(policies) };

export function kindTitle(kind: string): string {
  return Object.hasOwn(titles, kind) ? titles[kind]! : "A change";
}

export function policyTitle(key: string): string {
  return Object.hasOwn(policies, key) ? policies[key]! : key;
}
