import { formatCount } from "../text/format-figure.ts";

/** A count of rows, files or rules. */
export function Count({ of }: { of: number | string }) {
  return (
    <data value={of} className="whitespace-nowrap tabular-nums">
      {formatCount(of)}
    </data>
  );
}
