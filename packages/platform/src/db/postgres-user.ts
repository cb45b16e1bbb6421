import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { AppError } from "@finops/kernel/app-error";

export interface ServiceUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Who runs PostgreSQL: null for ourselves; as root, which PostgreSQL refuses, the user that owns the cluster already, or
 * `FINOPS_POSTGRES_USER`, or the first of postgres and nobody that this machine knows.
 */
export function chooseServiceUser(clusterDir: string): ServiceUser | null {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { name: String(owner.uid), uid: owner.uid, gid: owner.gid };
  const wanted = process.env.FINOPS_POSTGRES_USER;
  for (const name of wanted ? [wanted] : ["postgres", "nobody"]) {
    const uid = readIdOfUser("-u", name);
    const gid = readIdOfUser("-g", name);
    if (uid && gid) return { name, uid, gid };
  }
  throw new AppError(
    "precondition",
    "PostgreSQL refuses to run as root, and this machine has no user to run it. Start as another user, or name one in FINOPS_POSTGRES_USER.",
  );
}

/** As root: says why when the service user cannot reach the programs or the data, such as below a home of mode 0700. */
export function requireReachable(user: ServiceUser | null, program: string, dataDir: string): void {
  if (user === null) return;
  const { uid, gid } = user;
  const reaches = (test: string, path: string) =>
    spawnSync("sh", ["-c", `test ${test} "$1"`, "sh", path], { uid, gid, cwd: "/" }).status === 0;
  const unreachable = !reaches("-x", program) ? program : !reaches("-x", dataDir) ? dataDir : null;
  if (unreachable === null) return;
  throw new AppError(
    "precondition",
    `PostgreSQL cannot run as root, so it runs as the user ${user.name}, who cannot reach ${unreachable}. ` +
      "Start as a user other than root, or put the program and the data (FINOPS_DATA) where everyone may enter, such as below /srv.",
  );
}

function readIdOfUser(which: "-u" | "-g", name: string): number | null {
  const { status, stdout } = spawnSync("id", [which, name], { encoding: "utf8" });
  return status === 0 ? Number(stdout) : null;
}
