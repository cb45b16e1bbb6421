// `pnpm new connector NAME` and `pnpm new capability NAME`: lays out the files that docs/guides describe.
import { spawnSync } from "node:child_process";
import { capabilityScaffold } from "./scaffold/capability.ts";
import { connectorScaffold } from "./scaffold/connector.ts";
import { checkName, type Scaffold, ScaffoldError, writeScaffold } from "./scaffold/scaffold.ts";

const kinds: Record<string, (name: string, root: string) => Scaffold> = {
  connector: connectorScaffold,
  capability: capabilityScaffold,
};

try {
  const [kind = "", name] = process.argv.slice(2);
  const scaffoldOf = kinds[kind];
  if (scaffoldOf === undefined)
    throw new ScaffoldError("Write `pnpm new connector NAME` or `pnpm new capability NAME`.");
  const scaffold = scaffoldOf(checkName(name), process.cwd());
  const written = writeScaffold(process.cwd(), scaffold);
  // How long a line is depends on the name.
  spawnSync(
    "node_modules/.bin/oxfmt",
    written.filter((path) => /\.tsx?$/.test(path)),
    { stdio: "ignore" },
  );
  for (const path of written) console.log(`wrote ${path}`);
  console.log(["", "What is left to do:", ...scaffold.next.map((step) => `  ${step}`)].join("\n"));
} catch (error) {
  if (!(error instanceof ScaffoldError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
