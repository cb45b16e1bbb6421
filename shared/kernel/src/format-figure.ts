import { type Decimal, parseDecimal, roundHalfAway } from "./decimal.ts";

/** The page is in English; the reader's own locale joins with the settings of a person. */
const locale = "en-US";

/**
 * An amount as people read it: `$1,234.56`, rounded to the currency's places. A cost too small to show is not shown as
 * nothing: `< $0.01`. What is no ISO currency (credits of a vendor) stands behind the number.
 */
export function formatMoney(amount: string, currency: string): string {
  const value = parseDecimal(amount);
  const places = placesOf(currency);
  const rounded = roundHalfAway(value, places);
  if (rounded.isZero() && !value.isZero()) {
    const smallest = withCurrency(parseDecimal(`1e-${places}`), currency, { maximumFractionDigits: places });
    return value.isNegative() ? `> ${minus}${smallest}` : `< ${smallest}`;
  }
  return withCurrency(rounded, currency, { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** `$412.3k`: only where the exact figure is a hover away. */
export function formatMoneyShort(amount: string, currency: string): string {
  const value = parseDecimal(amount);
  if (value.abs().lessThan(1000)) return formatMoney(amount, currency);
  return withCurrency(value, currency, {
    notation: "compact",
    minimumFractionDigits: 1,
    maximumFractionDigits: value.abs().lessThan(1_000_000) ? 1 : 2,
  });
}

/** What one of something costs: `$0.40`, `$1,234.56`; of what is small three digits that say something, `$0.000123`. */
export function formatUnitPrice(amount: string, currency: string): string {
  const value = parseDecimal(amount);
  const places = placesOf(currency);
  const most = value.isZero() || value.abs().greaterThanOrEqualTo(1) ? places : Math.max(places, 2 - value.e);
  // Intl has no more places than these.
  const options = { minimumFractionDigits: places, maximumFractionDigits: Math.min(most, 100) };
  return withCurrency(roundHalfAway(value, most), currency, options);
}

/** Every digit that there is: `1234.5678901234 USD`. */
export function formatMoneyExact(amount: string, currency: string): string {
  return `${amount} ${currency}`;
}

/** A ratio as a percentage: `0.0612` is `6.1 %`. */
export function formatPercent(ratio: string, places = 1): string {
  const percent = roundHalfAway(parseDecimal(ratio).times(100), places);
  return `${format(percent, { minimumFractionDigits: places, maximumFractionDigits: places })} %`;
}

export function formatCount(count: number | string): string {
  return format(parseDecimal(String(count)), { maximumFractionDigits: 0 });
}

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(bytes / 1000 ** power)} ${units[power]}`;
}

/** `2 min 5 s`, `43 s`, `0.4 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const minus = "\u2212";

function withCurrency(value: Decimal, currency: string, options: Intl.NumberFormatOptions): string {
  if (!isIso(currency)) return `${format(value, options)} ${currency}`;
  return format(value, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...options });
}

const places = new Map<string, number>();

// Asking Intl takes as long as printing the amount.
function placesOf(currency: string): number {
  const known = places.get(currency);
  if (known !== undefined) return known;
  const found = isIso(currency)
    ? (formatterOf({ style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2)
    : 2;
  places.set(currency, found);
  return found;
}

function isIso(currency: string): boolean {
  return /^[A-Z]{3}$/.test(currency);
}

/** Intl takes decimal text and keeps every digit of it; a number would not. */
function format(value: Decimal, options: Intl.NumberFormatOptions): string {
  return formatterOf(options)
    .formatToParts(value.toFixed() as Intl.StringNumericLiteral)
    .map((part) =>
      part.type === "minusSign" ? minus : part.type === "compact" ? part.value.replace("K", "k") : part.value,
    )
    .join("");
}

const formatters = new Map<string, Intl.NumberFormat>();

// Making a formatter costs a hundred times what using it does, and a table has thousands of figures.
function formatterOf(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = formatters.get(key) ?? new Intl.NumberFormat(locale, options);
  formatters.set(key, known);
  return known;
}
