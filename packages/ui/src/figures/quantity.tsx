import { parseDecimal } from "@finops/kernel/decimal";
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
      {format(amount)}
      {unit !== null && <span className="text-text-2"> {unit}</span>}
    </data>
  );
}

const plain = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const small = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

function format(amount: string): string {
  const value = parseDecimal(amount);
  const isSmall = !value.isZero() && value.abs().lessThan(1);
  return (isSmall ? small : plain).format(value.toFixed() as Intl.StringNumericLiteral).replace("-", "\u2212");
}
