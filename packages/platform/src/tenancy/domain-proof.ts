import { AppError } from "@finops/kernel/app-error";

/** How a host looks a domain up, to see whether a company has it. */
export interface DomainProof {
  /** The texts of the TXT records of a name, none where there are none. @throws upstream when nobody answers */
  listTexts(name: string): Promise<readonly string[]>;
}

/** The TXT record that proves a domain to be a company's. */
export function proofRecord(domain: string, proof: string): { name: string; value: string } {
  return { name: `_finops.${domain}`, value: `finops-verification=${proof}` };
}

/** Whether a name server says that the domain is the company's. @throws upstream when none answers */
export async function isProven(dns: DomainProof, domain: string, proof: string): Promise<boolean> {
  const { name, value } = proofRecord(domain, proof);
  const texts = await dns.listTexts(name).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw new AppError("upstream", `No name server answers for ${domain}. Try again in a few minutes.`, { cause });
  });
  return texts.some((text) => text.trim() === value);
}
