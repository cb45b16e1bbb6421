import type { TagState } from "../bill-truth.ts";
import { type Account, teamOf } from "./company.ts";
import type { Random } from "./random.ts";

export type Tags = Record<string, string>;

const environmentTag = { production: "prod", staging: "staging", development: "dev", shared: "shared" } as const;
const misspelledEnvironments: Record<string, readonly string[]> = {
  prod: ["Prod", "production", "prd", "PROD"],
  staging: ["stage", "Staging", "stg"],
  dev: ["development", "Dev", "devel"],
  shared: ["Shared", "common"],
};

/** The tags of a resource as people really set them: mostly right, some missing, some with a slip in key or value. */
export function tagsFor(random: Random, account: Account, app: string): { tags: Tags; state: TagState } {
  const team = teamOf(account);
  const env = environmentTag[account.environment];
  const tags: Tags = {
    team: team.name,
    env,
    app,
    "cost-center": team.costCenter,
    owner: `${team.owner}@harborline.example`,
  };
  const luck = random.next();
  // Test accounts are tagged worse than production, as everywhere.
  const missingShare = account.environment === "development" ? 0.22 : 0.1;
  if (luck < missingShare) return { tags: random.chance(0.6) ? {} : { app, owner: tags["owner"]! }, state: "missing" };
  if (luck < missingShare + 0.08) return { tags: random.pick(slipsFor(account))(random, tags), state: "misspelled" };
  if (luck > 0.85) delete tags["owner"];
  return { tags, state: "correct" };
}

type Slip = (random: Random, tags: Tags) => Tags;

const slipsEverywhere: readonly Slip[] = [
  (_, { team, ...rest }) => ({ ...rest, team: team!.slice(0, 3) + team!.slice(4) }),
  (_, { "cost-center": costCenter, ...rest }) => ({ ...rest, CostCentre: costCenter! }),
  (_, { env, ...rest }) => ({
    ...rest,
    env: { prod: "production", staging: "stage", dev: "development" }[env!] ?? "common",
  }),
];

/** Keys and values in other cases: GCP allows lower case only, and a legacy AWS report has no column for them. */
const slipsOfCase: readonly Slip[] = [
  (random, { env, ...rest }) => ({ ...rest, env: random.pick(misspelledEnvironments[env!]!) }),
  (_, { team, ...rest }) => ({ ...rest, Team: team! }),
  (_, { team, ...rest }) => ({ ...rest, team: team!.toUpperCase() }),
  (_, { team, ...rest }) => ({ ...rest, team: `${team!} ` }),
];

function slipsFor(account: Account): readonly Slip[] {
  return account.kind === "gcp" || account.kind === "aws-cur-legacy"
    ? slipsEverywhere
    : [...slipsEverywhere, ...slipsOfCase];
}
