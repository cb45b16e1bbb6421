import { Select } from "@finops/ui/primitives/select";
import { TextField } from "@finops/ui/primitives/text-field";

export interface CompanyDraft {
  name: string;
  subdomain: string;
  currency: string;
  fiscalYearStart: number;
  timeZone: string;
}

interface CompanyFieldsProps {
  draft: CompanyDraft;
  onChange: (change: Partial<CompanyDraft>) => void;
  /** Why the subdomain cannot be had, in a sentence; null where it can. */
  subdomainFault: string | null;
  isDisabled?: boolean;
}

const currencies = Intl.supportedValuesOf("currency");
const timeZones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
const currencyNames = new Intl.DisplayNames("en", { type: "currency" });
const monthNames = Array.from({ length: 12 }, (_, month) =>
  new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" }).format(Date.UTC(2026, month, 1)),
);

/** What a company is called and reckons by. */
export function CompanyFields({ draft, onChange, subdomainFault, isDisabled = false }: CompanyFieldsProps) {
  const withOwn = (value: string, known: readonly string[]) => (known.includes(value) ? known : [value, ...known]);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label="Name of the company"
        value={draft.name}
        onChange={(name) => onChange({ name })}
        maxLength={120}
        required
        disabled={isDisabled}
        autoComplete="organization"
      />
      <TextField
        label="Subdomain"
        value={draft.subdomain}
        onChange={(subdomain) => onChange({ subdomain: subdomain.toLowerCase() })}
        maxLength={63}
        required
        disabled={isDisabled}
        autoCapitalize="none"
        spellCheck={false}
        error={subdomainFault}
        about="What its address begins with, such as acme of acme.example.com."
      />
      <Select
        label="Currency"
        value={draft.currency}
        isDisabled={isDisabled}
        options={withOwn(draft.currency, currencies).map((code) => ({
          value: code,
          label: `${code} · ${currencyNames.of(code) ?? code}`,
        }))}
        onChange={(currency) => onChange({ currency })}
      />
      <Select
        label="Fiscal year starts in"
        value={String(draft.fiscalYearStart)}
        isDisabled={isDisabled}
        options={monthNames.map((label, month) => ({ value: String(month + 1), label }))}
        onChange={(month) => onChange({ fiscalYearStart: Number(month) })}
      />
      <Select
        label="Time zone"
        value={draft.timeZone}
        isDisabled={isDisabled}
        options={withOwn(draft.timeZone, timeZones).map((zone) => ({ value: zone, label: zone }))}
        onChange={(timeZone) => onChange({ timeZone })}
      />
    </div>
  );
}
