import { formatPercent } from "../text/format-figure.ts";
import { Unknown } from "./money.tsx";

/** The only way to print a ratio: `0.0612` is `6.1 %`. */
export function Percent({
  ratio,
  missing,
  places = 1,
}: {
  ratio: string | null;
  missing?: string | undefined;
  places?: number;
}) {
  if (ratio === null) return <Unknown because={missing ?? "Not stated."} />;
  return (
    <data value={ratio} title={`${ratio} of 1`} className="whitespace-nowrap tabular-nums">
      {formatPercent(ratio, places)}
    </data>
  );
}
