import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { capabilityScaffold } from "./capability.ts";
import { connectorScaffold } from "./connector.ts";
import { checkName, ScaffoldError, writeScaffold } from "./scaffold.ts";

const root = mkdtempSync(join(tmpdir(), "finops-scaffold-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Copies one package, so that the scaffold finds its neighbours, and lends it the installed packages. */
function copyPackage(path: string): void {
  mkdirSync(join(root, path, "src"), { recursive: true });
  if (existsSync(join(path, "src"))) cpSync(join(path, "src"), join(root, path, "src"), { recursive: true });
  symlinkSync(resolve(path, "node_modules"), join(root, path, "node_modules"));
}

/** What TypeScript has to say about the new files, with the settings of this repository. */
function typeErrors(folder: string): string[] {
  symlinkOnce("node_modules");
  symlinkOnce("shared");
  const config = { extends: "./shared/config/tsconfig.node.json", include: [folder] };
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify(config));
  const run = spawnSync(resolve("node_modules/.bin/tsc"), ["-p", root, "--noEmit"], { encoding: "utf8", cwd: root });
  return run.stdout.split("\n").filter((line) => line.includes(folder));
}

const linked = new Set<string>();
function symlinkOnce(path: string): void {
  if (linked.has(path)) return;
  linked.add(path);
  symlinkSync(resolve(path), join(root, path));
}

it("lays out a connector that TypeScript accepts", () => {
  copyPackage("packages/connectors");
  const written = writeScaffold(root, connectorScaffold("acme-cloud"));
  expect(written).toContain("packages/connectors/src/acme-cloud/formats/acme-cloud-cost-report.ts");
  expect(typeErrors("packages/connectors/src/acme-cloud")).toEqual([]);
});

it("lays out a capability from its table to its page, and mounts it", () => {
  const edited = [
    "packages/platform/prisma/schema.prisma",
    "packages/api/src/app.ts",
    "apps/server/src/work.ts",
    "apps/web/src/app/router.tsx",
  ];
  for (const path of edited) cpSync(path, join(root, path));
  const migrations = "packages/platform/prisma/migrations";
  mkdirSync(join(root, migrations, "0041_before"), { recursive: true });
  const written = writeScaffold(root, capabilityScaffold("unit-costs", root));
  const folder = "packages/capabilities/src/unit-costs";
  for (const file of ["contract", "unit-costs", "store", "service", "service.test", "routes", "jobs", "index"])
    expect(written).toContain(`${folder}/${file}.ts`);
  expect(written).toContain(`${migrations}/0042_unit_costs/migration.sql`);
  expect(written).toContain("apps/web/src/features/unit-costs/unit-costs-page.tsx");
  const text = (path: string) => readFileSync(join(root, path), "utf8");
  expect(text(edited[0]!)).toMatch(/^ {2}unitCosts +UnitCosts\[\]$[\s\S]*^model UnitCosts \{$/m);
  expect(text(edited[1]!)).toContain('app.route("/api/v1", unitCostsRoutes());');
  expect(text(edited[2]!)).toContain("startRound(() => forgetDeletedUnitCosts(host)");
  expect(text(edited[3]!)).toContain('path: "/unit-costs"');
});

it("writes nothing over what is there", () => {
  expect(() => writeScaffold(root, connectorScaffold("acme-cloud"))).toThrow(ScaffoldError);
});

it("wants names in kebab-case", () => {
  expect(checkName("unit-costs")).toBe("unit-costs");
  for (const name of ["UnitCosts", "unit_costs", "../up", "", undefined])
    expect(() => checkName(name)).toThrow(ScaffoldError);
});
