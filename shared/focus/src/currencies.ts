const active = `
  AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV
  BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK
  DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
  HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT
  LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
  MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
  SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP
  TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU
  XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG`;

// Withdrawn in the last years. A bill of a month in which they were money still carries them.
const withdrawn = "CUC HRK SLL ZWL";

/** ISO 4217 alphabetic codes, active ones and those that were money when the oldest bills we take in were written. */
export const currencyCodes: readonly string[] = [...codes(active), ...codes(withdrawn)];

const known = new Set(currencyCodes);

/** Whether the text is a national currency's code, as BillingCurrency must be. Case matters: `usd` is not one. */
export function isCurrencyCode(text: string): boolean {
  return known.has(text);
}

function codes(block: string): string[] {
  return block.trim().split(/\s+/);
}
