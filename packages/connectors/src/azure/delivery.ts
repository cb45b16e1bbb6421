import type { Delivery, ListedFile, PlanDeliveries } from "../delivery.ts";
import type { ExportRun } from "./export-run.ts";
import { baseName, billFile, folderOf, groupBy, readExportRuns } from "./export-run.ts";
import { roleByName } from "./formats/cost-details/detect.ts";

type Role = "actual" | "amortized";
const roles: Readonly<Record<string, Role>> = { actualcost: "actual", amortizedcost: "amortized" };

/**
 * Azure's exports as deliveries: of every export and period the newest run, the actual and the amortized export of one scope
 * and period together, and outside of export folders two files that differ in the words actual and amortized.
 */
export const planAzureDeliveries: PlanDeliveries = async (files, readText) => {
  const runs = await readExportRuns(files, readText);
  const exported = planRuns(runs.filter((run) => !isOtherDataset(run)));
  const [first] = exported;
  if (first !== undefined)
    exported[0] = { ...first, ignored: [...first.ignored, ...runs.filter(isOtherDataset).flatMap(ignoreDataset)] };
  const inRuns = new Set(runs.flatMap((run) => run.files));
  return [...exported, ...planPlainPairs(files.filter((file) => billFile.test(file.path) && !inRuns.has(file.path)))];
};

function planRuns(runs: readonly ExportRun[]): Delivery[] {
  const kept = [...groupBy(runs, (run) => `${run.exportPath} ${run.period}`).values()].flatMap(
    (ofExport) => keepNewest(ofExport) ?? [],
  );
  // Two exports of one kind over the same stated scope and period hold the same charges.
  const distinct = [
    ...groupBy(
      kept,
      ({ run }) => `${run.scopeIsStated ? run.scope : run.exportPath} ${run.period} ${run.type}`,
    ).values(),
  ].flatMap(
    (same) =>
      keepNewest(
        same.map(({ run }) => run),
        same.flatMap(({ older }) => older),
      ) ?? same,
  );
  return [...groupBy(distinct, ({ run }) => `${run.scope} ${run.period}`).values()].flatMap((ofScope) => {
    const actual = ofScope.filter(({ run }) => roleOf(run) === "actual");
    const amortized = ofScope.filter(({ run }) => roleOf(run) === "amortized");
    const isPair = actual.length === 1 && amortized.length === 1;
    const alone = isPair ? ofScope.filter((kept) => roleOf(kept.run) === undefined) : ofScope;
    return [...(isPair ? [deliver([...actual, ...amortized])] : []), ...alone.map((kept) => deliver([kept]))];
  });
}

/** Cost Management also exports price sheets and what it knows of reservations. */
function isOtherDataset(run: ExportRun): boolean {
  return /^(pricesheet|reservation)/i.test(run.type ?? "");
}

function ignoreDataset(run: ExportRun): { path: string; because: string }[] {
  return [...run.files, ...(run.manifest === undefined ? [] : [run.manifest])].map((path) => ({
    path,
    because: `An export of the type ${run.type}, which has no costs.`,
  }));
}

interface KeptRun {
  run: ExportRun;
  older: readonly ExportRun[];
}

/** The newest of several runs over the same charges; nothing where their order cannot be known. */
function keepNewest(runs: readonly ExportRun[], alreadyOlder: readonly ExportRun[] = []): KeptRun[] | undefined {
  if (runs.length > 1 && runs.some((run) => run.submitted === undefined)) return undefined;
  const [newest, ...older] = [...runs].sort((a, b) => (b.submitted ?? "").localeCompare(a.submitted ?? ""));
  return [{ run: newest!, older: [...older, ...alreadyOlder] }];
}

function roleOf(run: ExportRun): Role | undefined {
  return roles[run.type?.toLowerCase() ?? ""];
}

function deliver(kept: readonly KeptRun[]): Delivery {
  const [first] = kept.map(({ run }) => run);
  const kinds = kept.map(({ run }) => roleOf(run) ?? run.type ?? "cost").join(" and ");
  return {
    label: `Azure ${kinds} export ${kept.map(({ run }) => baseName(run.exportPath)).join(" and ")} of ${readablePeriod(first!.period)}`,
    files: kept.flatMap(({ run }) => run.files.map((path) => ({ path, ...withRole(roleOf(run)) }))),
    ignored: kept.flatMap(({ run, older }) => [
      ...(run.manifest === undefined ? [] : [{ path: run.manifest, because: "The manifest of the run." }]),
      ...older.flatMap((old) =>
        [...old.files, ...(old.manifest === undefined ? [] : [old.manifest])].map((path) => ({
          path,
          because: `An older run: the one of ${run.submitted} replaces it.`,
        })),
      ),
    ]),
    missing: kept.flatMap(({ run }) => run.missing),
  };
}

function withRole(role: Role | undefined): { role?: Role } {
  return role === undefined ? {} : { role };
}

function readablePeriod(period: string): string {
  return period.replace(/(\d{4})(\d\d)(\d\d)-(\d{4})(\d\d)(\d\d)/, "$1-$2-$3 to $4-$5-$6");
}

const roleWord = /amorti[sz](ed|ation)?|actual/gi;
const partNumber = /part_\d+_\d+/i;

/** Pairs of files whose paths are the same but for the word; numbered parts stand together. */
function planPlainPairs(files: readonly ListedFile[]): Delivery[] {
  const named = files.flatMap((file) => {
    const role = roleByName(file.path);
    return role === undefined ? [] : [{ path: file.path, role }];
  });
  const sameButWord = pairsOf(
    groupBy(named, ({ path }) => path.toLowerCase().replace(roleWord, "*").replace(partNumber, "part")),
  );
  const paired = new Set(sameButWord.flatMap((delivery) => delivery.files.map((file) => file.path)));
  const rest = named.filter(({ path }) => !paired.has(path) && roleByName(baseName(path)) !== undefined);
  return [...sameButWord, ...pairsOf(groupBy(rest, ({ path }) => folderOf(path)))];
}

function pairsOf(groups: ReadonlyMap<string, readonly { path: string; role: Role }[]>): Delivery[] {
  return [...groups.values()].flatMap((members) => {
    const actual = members.filter((member) => member.role === "actual");
    const amortized = members.filter((member) => member.role === "amortized");
    const areParts = members.every((member) => partNumber.test(member.path));
    if (actual.length === 0 || amortized.length === 0 || (members.length > 2 && !areParts)) return [];
    return [
      {
        label: `Azure actual and amortized cost: ${actual[0]!.path} and ${amortized[0]!.path}`,
        files: [...actual, ...amortized],
        ignored: [],
        missing: [],
      },
    ];
  });
}
