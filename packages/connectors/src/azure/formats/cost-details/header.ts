import type { BillHeader, InputColumn } from "../../../format.ts";
import { germanHeaders } from "./german-headers.ts";
import { costDetailsInputs } from "./inputs.ts";

/** The inputs of the mapping, bound to the columns of this file by whatever names and number format it has. */
export function bindCostDetails(header: BillHeader): Record<string, InputColumn> {
  const columns = columnsByKey(header);
  const decimalComma = hasDecimalComma(header, columns);
  const formats = dateFormats(header, columns);
  return Object.fromEntries(
    Object.entries(costDetailsInputs).map(([input, spec]: [string, InputColumn]) => {
      const found = findName(spec, columns);
      const bound = found === undefined ? spec : { ...spec, names: [found] };
      if (spec.kind === "decimal") return [input, { ...bound, decimalComma }];
      return [input, spec.kind === "time" ? { ...bound, formats } : bound];
    }),
  );
}

/** Which of the known columns the file has, by the names of `costDetailsInputs`, with the name in the file. */
export function findCostDetailsColumns(header: BillHeader): Map<string, string> {
  const columns = columnsByKey(header);
  return new Map(
    Object.entries(costDetailsInputs).flatMap(([input, spec]) => {
      const found = findName(spec, columns);
      return found === undefined ? [] : [[input, found] as const];
    }),
  );
}

function findName(spec: InputColumn, columns: ReadonlyMap<string, string>): string | undefined {
  return spec.names.map((name) => columns.get(columnKey(name))).find((name) => name !== undefined);
}

function columnsByKey(header: BillHeader): Map<string, string> {
  const columns = new Map<string, string>();
  for (const { name } of header.columns) {
    const key = columnKey(englishName(name));
    if (!columns.has(key)) columns.set(key, name);
  }
  return columns;
}

/** Localised exports give the English name in brackets, `Kosten (Cost)`; a few downloads give the localised one alone. */
function englishName(name: string): string {
  const bracketed = /\(([^()]+)\)\s*$/.exec(name)?.[1];
  return bracketed ?? germanHeaders[name.trim().toLowerCase()] ?? name;
}

function columnKey(name: string): string {
  return name.toLowerCase().replace(/[\s\-_.]/g, "");
}

const withComma = /^-?[\d.]*,\d+(e[+-]?\d+)?$/i;
const withPoint = /^-?[\d,]*\.\d+(e[+-]?\d+)?$/i;
const groupedByPoints = /^-?\d{1,3}(\.\d{3})+$/;

/** German and other exports may write 1.234,56: some number of the sample shows it, and none shows a decimal point. */
function hasDecimalComma(header: BillHeader, columns: ReadonlyMap<string, string>): boolean {
  if (header.container !== "csv") return false;
  const numbers = sampleOf("decimal", header, columns);
  return (
    numbers.some((value) => withComma.test(value)) &&
    !numbers.some((value) => withPoint.test(value) && !groupedByPoints.test(value))
  );
}

/** Azure writes the month first; a file in another language may write the day first, which a day above 12 shows. */
function dateFormats(header: BillHeader, columns: ReadonlyMap<string, string>): string[] {
  const dayFirst = sampleOf("time", header, columns).some(
    (value) => Number(/^(\d{1,2})\/\d{1,2}\/\d{4}/.exec(value)?.[1]) > 12,
  );
  const slashes = dayFirst ? "%d/%m/%Y" : "%m/%d/%Y";
  return [slashes, `${slashes} %H:%M:%S`, `${slashes} %I:%M:%S %p`, "%d.%m.%Y", "%d.%m.%Y %H:%M:%S", "%Y%m%d"];
}

function sampleOf(kind: InputColumn["kind"], header: BillHeader, columns: ReadonlyMap<string, string>): string[] {
  const names = Object.values(costDetailsInputs)
    .filter((spec) => spec.kind === kind)
    .flatMap((spec) => findName(spec, columns) ?? []);
  return header.sample
    .flatMap((row) => names.flatMap((name) => row[name]?.trim() ?? []))
    .filter((value) => value !== "");
}
