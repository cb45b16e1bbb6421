import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/** What a reader of PDF finds in a file, its pieces apart by a space. */
export async function pdfText(content: Uint8Array): Promise<{ text: string; pages: number }> {
  const pdf = await getDocument({ data: new Uint8Array(content), verbosity: 0, useSystemFonts: true }).promise;
  const pages = await Promise.all(
    Array.from({ length: pdf.numPages }, async (_, index) => {
      const { items } = await (await pdf.getPage(index + 1)).getTextContent();
      return items.map((item) => ("str" in item ? item.str : "")).join(" ");
    }),
  );
  return { text: pages.join("\n"), pages: pdf.numPages };
}
