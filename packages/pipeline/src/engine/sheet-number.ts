/** Digits that a sheet shows and keeps of a number; a decimal of so many is the shortest form of just one double. */
const digitsMax = 15;

/**
 * The number of a cell, where the sheet's double holds the decimal to its last digit; null where it does not, and the cell is
 * text. A sheet rounds without a word what is longer.
 */
export function sheetNumber(text: string): number | null {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return null;
  const digits = text.replace(/^-/, "").replace(".", "").replace(/^0+/, "");
  const counted = text.includes(".") ? digits.replace(/0+$/, "") : digits;
  return counted.length <= digitsMax ? Number(text) : null;
}
