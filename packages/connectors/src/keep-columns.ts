import type { InputColumn, RawColumn } from "./format.ts";

export interface KeptColumns {
  inputs: Record<string, InputColumn>;
  extras: Record<string, string>;
}

/** Columns that no FOCUS column takes, kept as extras under their own names: `Id` becomes `x_Id`, `x_Team` stays. */
export function keepColumns(columns: readonly RawColumn[], isKept: (name: string) => boolean): KeptColumns {
  const inputs: Record<string, InputColumn> = {};
  const extras: Record<string, string> = {};
  for (const column of columns) {
    const name = column.name.replace(/^\uFEFF/, "").trim();
    if (!isKept(name)) continue;
    const extra = name.toLowerCase().startsWith("x_") ? name : `x_${name}`;
    const input = `own_${Object.keys(inputs).length}`;
    inputs[input] = { names: [column.name], kind: /^(MAP|STRUCT)\(|\[\]$/.test(column.type) ? "json" : "text" };
    extras[extra in extras ? `${extra}_${input}` : extra] = input;
  }
  return { inputs, extras };
}
