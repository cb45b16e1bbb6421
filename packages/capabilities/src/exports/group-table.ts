import { decimal } from "@finops/kernel/decimal";
import type { LineColumn } from "@finops/pipeline/export-costs";
import { getDimension } from "@finops/warehouse/model/dimensions";
import { type Measure, measures } from "@finops/warehouse/model/measures";
import type { CostAnswer, CostQuery, CostRow, Figure } from "@finops/warehouse/query/cost-query";

type FigureKind = "values" | "comparison" | "runningTotal" | "share";

interface FigureColumn {
  name: string;
  label: string;
  kind: FigureKind;
  measure: string;
  hasMissing: boolean;
  isNarrow: boolean;
}

/**
 * A cost query's answer as a table, page by page: its groups, the time, the currency, a column for each figure, and one with
 * the reason beside it where a figure is missing in some row. Pure.
 */
export class GroupTable {
  readonly #query: Pick<CostQuery, "groupBy" | "grain">;
  readonly #keys: readonly string[];
  readonly #figures: readonly FigureColumn[];

  constructor(query: Omit<CostQuery, "limit" | "cursor">) {
    this.#query = query;
    // Quantities of two units cannot share a group, so their unit is one of its keys.
    const units = query.measures.flatMap((measure) => (measures[measure] as Measure).unitColumn ?? []);
    this.#keys = [...new Set([...query.groupBy, ...units].map((name) => getDimension(name).name))];
    const kinds: FigureKind[] = [
      "values",
      ...(query.compare === undefined ? [] : (["comparison"] as const)),
      ...(query.runningTotal ? (["runningTotal"] as const) : []),
      ...(query.share ? (["share"] as const) : []),
    ];
    this.#figures = query.measures.flatMap((measure) =>
      kinds.map((kind) => ({
        name: kind === "values" ? measure : `${measure}${kind[0]!.toUpperCase()}${kind.slice(1)}`,
        label: `${measures[measure].label}${labelEnds[kind]}`,
        kind,
        measure,
        hasMissing: false,
        isNarrow: true,
      })),
    );
  }

  /** The lines of a page, each `{"cells": […]}`. */
  linesOf(page: CostAnswer): string {
    return this.cellsOfPage(page)
      .map((cells) => `${JSON.stringify({ cells })}\n`)
      .join("");
  }

  cellsOfPage(page: CostAnswer): (string | null)[][] {
    return page.rows.map((row) => this.#cellsOf(row));
  }

  /** Known when all pages are read: whether a figure was missing, or too long for a narrow decimal. */
  columns(): LineColumn[] {
    const text = (name: string, label: string, cell: number): LineColumn => ({
      name,
      label,
      cell,
      kind: "text",
      isNarrow: false,
    });
    const heads = [
      ...this.#keys.map((key) => [key, getDimension(key).label] as const),
      ["time", "Time"] as const,
      ["currency", "Currency"] as const,
    ].map(([name, label], cell) => text(name, label, cell));
    const figures = this.#figures.flatMap((figure, index) => {
      const cell = heads.length + index * 2;
      const column: LineColumn = {
        name: figure.name,
        label: figure.label,
        cell,
        kind: "decimal",
        isNarrow: figure.isNarrow,
      };
      return figure.hasMissing
        ? [column, text(`${figure.name}Missing`, `${figure.label}: why it is missing`, cell + 1)]
        : [column];
    });
    return [...heads.filter(({ name }) => name !== "time" || this.#query.grain !== undefined), ...figures];
  }

  #cellsOf(row: CostRow): (string | null)[] {
    const keys = this.#keys.map((key, index) => (row.isOther && index === 0 ? "(other)" : (row.key[key] ?? null)));
    const figures = this.#figures.flatMap((column) => {
      const figure: Figure | undefined = row[column.kind]?.[column.measure];
      if (figure?.missing !== undefined) column.hasMissing = true;
      if (figure?.value != null && column.isNarrow) column.isNarrow = isNarrow(figure.value);
      return [figure?.value ?? null, figure?.missing ?? null];
    });
    return [...keys, row.time, row.currency, ...figures];
  }
}

const labelEnds: Record<FigureKind, string> = {
  values: "",
  comparison: " of the comparison",
  runningTotal: ", running total",
  share: ", share of the total",
};

function isNarrow(value: string): boolean {
  const parsed = decimal(value);
  return parsed.abs().lt("1e12") && parsed.decimalPlaces() <= 26;
}
