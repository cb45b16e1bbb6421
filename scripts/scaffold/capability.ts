import { readdirSync } from "node:fs";
import { join } from "node:path";
import { capabilityFiles } from "./capability-files.ts";
import { pageFiles } from "./capability-page.ts";
import { camelCase, pascalCase, type Scaffold, words } from "./scaffold.ts";

/** What a capability is called where. */
export interface Names {
  /** `unit-costs`: the folder, the routes. */
  name: string;
  /** `UnitCosts`: types, the model. */
  type: string;
  /** `unitCosts`: variables, the model's rows. */
  variable: string;
  /** `unit_costs`: the table. */
  table: string;
  /** `Unit costs`: for people. */
  label: string;
}

/** A capability from its table to its page, with a rule, verbs, a round and their tests: the shape that budgets have. */
export function capabilityScaffold(name: string, root: string): Scaffold {
  const names = {
    name,
    type: pascalCase(name),
    variable: camelCase(name),
    table: name.replaceAll("-", "_"),
    label: words(name),
  };
  const folder = `packages/capabilities/src/${name}`;
  const migration = `packages/platform/prisma/migrations/${nextMigration(root)}_${names.table}/migration.sql`;
  return {
    files: { ...capabilityFiles(folder, names), ...pageFiles(names), [migration]: migrationSql(names) },
    edits: [...schemaEdits(names), ...doorEdits(names), ...roundEdits(names), ...routerEdits(names)],
    next: [
      "Generate the database client: pnpm --filter @finops/platform generate",
      `Run its tests: npx vitest run ${folder}`,
      `Say in ${folder}/README.md what the words mean, and replace the rule, the verbs and the page by yours.`,
      "Ask for permissions of its own, if settings:write is not the right one: packages/platform/src/access/permissions.ts",
      `Lead to its page from apps/web/src/app/places.ts.`,
    ],
  };
}

/** Migrations are numbered without a gap. */
function nextMigration(root: string): string {
  const numbers = readdirSync(join(root, "packages/platform/prisma/migrations"))
    .map((folder) => /^\d{4}(?=_)/.exec(folder)?.[0])
    .filter((number) => number !== undefined);
  return String(Math.max(0, ...numbers.map(Number)) + 1).padStart(4, "0");
}

function migrationSql({ label, table }: Names): string {
  return `-- ${label}: say what the rows are, and who may change them.

create table ${table} (
  id         uuid not null default gen_random_uuid() primary key,
  tenant_id  uuid not null default current_tenant() references tenant on delete cascade,
  name       text not null check (name <> ''),
  created_at timestamptz not null default now(),
  -- What is deleted stays for a month, for who deleted it by mistake.
  deleted_at timestamptz,
  unique (tenant_id, id)
);
create index on ${table} (tenant_id, name, id) where deleted_at is null;

alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy company on ${table}
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, update, delete on ${table} to finops_app;
`;
}

function schemaEdits({ type, variable, table, label }: Names): Scaffold["edits"] {
  const path = "packages/platform/prisma/schema.prisma";
  return [
    { path, after: /^ {2}budgets +Budget\[\]$/m, insert: `\n  ${variable} ${type}[]` },
    {
      path,
      after: /[\s\S]+$/,
      insert: `
/// ${label}: say what a row is.
model ${type} {
  id        String    @id @default(uuid(7)) @db.Uuid
  tenantId  String    @default(dbgenerated("current_tenant()")) @map("tenant_id") @db.Uuid
  name      String
  createdAt DateTime  @default(now()) @map("created_at") @db.Timestamptz(6)
  deletedAt DateTime? @map("deleted_at") @db.Timestamptz(6)

  tenant Tenant @relation(fields: [tenantId], references: [id], onDelete: Cascade)

  @@unique([tenantId, id])
  @@map("${table}")
}
`,
    },
  ];
}

function doorEdits({ name, variable }: Names): Scaffold["edits"] {
  const path = "packages/api/src/app.ts";
  return [
    {
      path,
      after: /^import \{[^}]*\} from "@finops\/capabilities\/budgets\/index";$/m,
      insert: `\nimport { ${variable}Routes } from "@finops/capabilities/${name}/index";`,
    },
    {
      path,
      after: /^ {2}app\.route\("\/api\/v1", budgetRoutes\(reader\)\);$/m,
      insert: `\n  app.route("/api/v1", ${variable}Routes());`,
    },
  ];
}

function roundEdits({ name, type }: Names): Scaffold["edits"] {
  const path = "apps/server/src/work.ts";
  return [
    {
      path,
      after: /^import \{[^}]*\} from "@finops\/capabilities\/budgets\/index";$/m,
      insert: `\nimport { forgetDeleted${type} } from "@finops/capabilities/${name}/index";`,
    },
    {
      path,
      after: /^ {4}startRound\(\(\) => askForDueBudgets\(host\), hourMs, host\.log\),$/m,
      insert: `\n    startRound(() => forgetDeleted${type}(host), 24 * hourMs, host.log),`,
    },
  ];
}

function routerEdits({ name, type, variable }: Names): Scaffold["edits"] {
  const path = "apps/web/src/app/router.tsx";
  return [
    {
      path,
      after: /^const budgets = createRoute\(\{[\s\S]*?^\}\);$/m,
      insert: `

const ${variable} = createRoute({
  getParentRoute: () => root,
  path: "/${name}",
  component: lazyRouteComponent(() => import("../features/${name}/${name}-page.tsx"), "${type}Page"),
});`,
    },
    { path, after: /^ {4}budgets,$/m, insert: `\n    ${variable},` },
  ];
}
