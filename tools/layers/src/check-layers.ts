// Run by `pnpm check:deps` from the root of the repository.
import { cruiseLayers } from "./cruise-layers.ts";

/** dependency-cruiser that cannot read TypeScript finds no module and passes; so few modules are a failure. */
const modulesMin = 300;

const report = await cruiseLayers(process.cwd());
for (const { rule, from, to, comment } of report.violations) console.error(`${rule}: ${from} → ${to}\n  ${comment}`);
for (const file of report.unseen) console.error(`not read: ${file}`);
if (report.modules < modulesMin) {
  console.error(
    `Only ${report.modules} modules were read, at least ${modulesMin} were expected. Is TypeScript 6 installed beside dependency-cruiser?`,
  );
}
const ok = report.violations.length === 0 && report.unseen.length === 0 && report.modules >= modulesMin;
console.log(`${report.modules} modules, ${report.violations.length} imports against the layers`);
process.exitCode = ok ? 0 : 1;
