import * as z from "zod";

/** Works; is only read; is shut; is shut and will be deleted. */
export const companyStates = ["active", "read-only", "locked", "leaving"] as const;
export type CompanyState = (typeof companyStates)[number];

/** What a company is made of. */
export const TenantInput = z.object({
  /** Part of host names (`acme.example.com`) and of the command line. */
  slug: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "Use 1 to 63 lower-case letters, digits and hyphens, such as acme-eu.",
    ),
  name: z.string().min(1).max(120),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "Use an ISO 4217 code such as USD.")
    .default("USD"),
  fiscalYearStart: z.int().min(1).max(12).default(1),
  timeZone: z.string().refine(isTimeZone, "Use a name such as Europe/Berlin.").default("UTC"),
});

export type TenantInput = z.input<typeof TenantInput>;

/** Names of the platform's own, and those that would make people take a company for it. */
const reservedSubdomains: ReadonlySet<string> = new Set(
  "about account accounts admin administrator api app assets auth billing blog cdn console dashboard dev developer docs download email finops ftp help host hosting imap info internal legal live local localhost login logout mail metrics mx news ns ns1 ns2 oauth operator ops pop portal preview privacy proxy root saml scim security service signin signup smtp sso staff staging static status storage support system team test tls web webmail www".split(
    " ",
  ),
);

/** Why no company may have a subdomain, in a sentence; null for one that may be had if it is free. */
export function findSubdomainFault(subdomain: string): string | null {
  const { error } = TenantInput.shape.slug.safeParse(subdomain);
  if (error) return error.issues[0]!.message;
  // Names such as xn--… show as letters that look like another company's.
  if (/^..--/.test(subdomain))
    return "A subdomain has no two hyphens in the third and fourth place. Choose another one.";
  if (reservedSubdomains.has(subdomain)) return `"${subdomain}" is kept for the platform itself. Choose another one.`;
  return null;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
