/** The header of a file to keep: a name of any letters (RFC 6266), with one of plain letters for who cannot read it. */
export function attachment(name: string): string {
  const safe = name.replaceAll(/[\p{Cc}/\\]/gu, "-");
  const plain = safe.replaceAll(/[^\w. -]/g, "_");
  const encoded = encodeURIComponent(safe.replaceAll(/\p{Surrogate}/gu, "\uFFFD")).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
