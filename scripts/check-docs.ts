// Run by `pnpm check docs`.
import { existsSync, readFileSync } from "node:fs";
import { decisionFaults, featureFaults, linkFaults, machineFaults } from "./document-rules.ts";
import { featureIds } from "./feature-ids.ts";
import { listRepositoryFiles } from "./repository-files.ts";

const files = listRepositoryFiles();
const read = (path: string) => readFileSync(path, "utf8");
const documents = files.filter((path) => path.endsWith(".md"));
const isText = (path: string) => !/\.(png|ico|woff2?|parquet|gz|zip|pem)$/.test(path);

const faults = [
  ...documents.flatMap((path) => linkFaults(path, read(path), existsSync)),
  ...featureFaults(read("TASKS.md"), featureIds),
  ...decisionFaults(
    files.filter((path) => /^docs\/decisions\/[^/]+\.md$/.test(path)).map((path) => [path, read(path)]),
  ),
  ...files.filter(isText).flatMap((path) => machineFaults(path, read(path))),
];
for (const fault of faults) console.error(fault);
console.log(`${documents.length} documents, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
