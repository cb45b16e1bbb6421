import Excel from "exceljs";

/** The cells of each sheet of a workbook, row by row, as another program reads them. */
export async function readWorkbook(path: string): Promise<Record<string, unknown[][]>> {
  const workbook = await new Excel.Workbook().xlsx.readFile(path);
  return Object.fromEntries(
    workbook.worksheets.map((sheet) => {
      const rows: unknown[][] = [];
      sheet.eachRow((row) => rows.push((row.values as unknown[]).slice(1)));
      return [sheet.name, rows];
    }),
  );
}
