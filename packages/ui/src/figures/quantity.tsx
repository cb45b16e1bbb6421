import { formatQuantity } from "@finops/kernel/format-quantity";
import { Unknown } from "./money.tsx";

/** The only way to print a quantity: with its unit, all digits in the title, and never as nothing when there is some. */
export function Quantity({
  amount,
  unit,
  missing,
}: {
  amount: string | null;
  unit: string | null;
  missing?: string | undefined;
}) {
  if (amount === null) return <Unknown because={missing ?? "Not stated."} />;
  return (
    <data
      value={amount}
      title={unit === null ? amount : `${amount} ${unit}`}
      className="whitespace-nowrap tabular-nums"
    >
      {formatQuantity(amount)}
      {unit !== null && <span className="text-text-2"> {unit}</span>}
    </data>
  );
}
