export interface Check {
  name: string;
  about: string;
  commands: readonly string[];
}

/** Longest first, so that the two cores finish together. */
export const checks: readonly Check[] = [
  {
    name: "types",
    about: "TypeScript of the server side, then of the browser's",
    commands: [
      "tsc -p tsconfig.json --noEmit",
      "tsc -p apps/web/tsconfig.json --noEmit",
      "tsc -p apps/web/e2e/tsconfig.json --noEmit",
    ],
  },
  {
    name: "lint",
    about: "oxlint with type-aware rules, and the rules of ours that it has no word for",
    commands: ["oxlint --quiet", "tsx scripts/check-source.ts"],
  },
  { name: "layers", about: "imports point one way", commands: ["tsx tools/layers/src/check-layers.ts"] },
  { name: "unused", about: "files, exports and packages that nobody uses", commands: ["knip --no-progress"] },
  { name: "format", about: "oxfmt; `pnpm format` writes it", commands: ["oxfmt --check"] },
  {
    name: "docs",
    about: "links, feature ids, decisions, and nothing that names a machine",
    commands: ["tsx scripts/check-docs.ts"],
  },
];
