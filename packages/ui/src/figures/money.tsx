import { formatMoney, formatMoneyExact, formatMoneyShort, formatUnitPrice } from "../text/format-figure.ts";

interface MoneyProps {
  /** A decimal as text; null when it cannot be told. */
  amount: string | null;
  currency: string;
  /** Why there is no amount. */
  missing?: string | undefined;
  /** `$412.3k`; the exact amount stays a hover away. */
  short?: boolean;
  /** It is the price of one of something, which may be far less than a cent. */
  isUnitPrice?: boolean;
}

/** The only way to print an amount. Every digit of it is in the title. */
export function Money({ amount, currency, missing, short = false, isUnitPrice = false }: MoneyProps) {
  if (amount === null) return <Unknown because={missing ?? "Not stated."} />;
  const format = isUnitPrice ? formatUnitPrice : short ? formatMoneyShort : formatMoney;
  return (
    <data value={amount} title={formatMoneyExact(amount, currency)} className="whitespace-nowrap tabular-nums">
      {format(amount, currency)}
    </data>
  );
}

/** Stands where a figure cannot be told; the reason is in the title and is read aloud. */
export function Unknown({ because }: { because: string }) {
  return (
    <span className="text-text-3" title={because}>
      <span aria-hidden>–</span>
      <span className="sr-only">{because}</span>
    </span>
  );
}
