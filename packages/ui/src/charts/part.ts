/** One part of a whole in a chart: a service, a team, a resource. Amounts are decimals as text. */
export interface Part {
  id: string;
  label: string;
  /** Null when it cannot be told; then it is not drawn. */
  value: string | null;
  /** What it is held against. */
  before?: string | null;
  colour?: string;
  /** "(other)": what did not make it into the top. Grey, and no door. */
  isOther?: boolean;
}

const segmenter = new Intl.Segmenter();
const rough = { narrow: 0.3, normal: 0.56, wide: 1 };

/** Shortens text to a width, counted by the kinds of its letters: a picture cannot ask the browser to cut it. */
export function fitText(text: string, width: number, size = 12): string {
  let used = 0;
  const letters = Array.from(segmenter.segment(text), (one) => one.segment);
  const room = width - size;
  for (const [index, letter] of letters.entries()) {
    used += size * widthOf(letter);
    if (
      used > width ||
      (used > room && index < letters.length - 1 && remaining(letters, index + 1, size) > width - used)
    ) {
      return index < 2 ? "" : `${letters.slice(0, index).join("").trimEnd()}…`;
    }
  }
  return text;
}

function remaining(letters: readonly string[], from: number, size: number): number {
  return letters.slice(from).reduce((sum, letter) => sum + size * widthOf(letter), 0);
}

function widthOf(letter: string): number {
  if (/[\u1100-\uffee\u{1f000}-\u{1faff}]/u.test(letter)) return rough.wide;
  return /[ijltfr.,:;|'!()[\]\s-]/.test(letter) ? rough.narrow : /[A-ZMW@%mw]/.test(letter) ? 0.72 : rough.normal;
}
