// The rules of the code that oxlint has no word for. Run by `pnpm lint`.
import { readFileSync } from "node:fs";
import { listRepositoryFiles } from "./repository-files.ts";
import { findBreaches } from "./source-rules.ts";

const sources = listRepositoryFiles().filter((path) => /\.(ts|tsx|mjs)$/.test(path));
const breaches = sources.flatMap((path) => findBreaches(path, readFileSync(path, "utf8")));
for (const { path, line, rule, about } of breaches) console.error(`${path}:${line}: ${rule}: ${about}`);
if (breaches.length > 0) process.exitCode = 1;
