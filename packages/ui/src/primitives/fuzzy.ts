/**
 * How well a text answers what was typed; null when it does not. All letters in their order, better at the starts of words
 * and side by side: `ec` finds "Elastic Compute" before "Aggregate cost".
 */
export function fuzzyScore(text: string, typed: string): number | null {
  const wanted = typed.toLowerCase().replaceAll(/\s+/g, "");
  if (wanted === "") return 0;
  const lower = text.toLowerCase();
  const phrase = typed.trim().toLowerCase();
  const whole = lower.indexOf(phrase);
  const brevity = lower.length / 100;
  if (whole >= 0 && isStart(lower, whole)) return 1000 - whole - brevity;
  const letters = scoreLetters(lower, wanted);
  const inside = whole >= 0 ? 8 * wanted.length - 7 : null;
  const best = Math.max(letters ?? 0, inside ?? 0);
  return letters === null && inside === null ? null : best - brevity;
}

function scoreLetters(lower: string, wanted: string): number | null {
  let score = 0;
  let last = -1;
  for (const letter of wanted) {
    const at = bestNext(lower, letter, last);
    if (at < 0) return null;
    score += at === last + 1 ? 8 : isStart(lower, at) ? 6 : 1;
    last = at;
  }
  return score;
}

/** The next start of a word with that letter, if it is near; else the next such letter. */
function bestNext(text: string, letter: string, after: number): number {
  const next = text.indexOf(letter, after + 1);
  if (next < 0 || next === after + 1) return next;
  for (let at = next; at >= 0; at = text.indexOf(letter, at + 1)) if (isStart(text, at)) return at;
  return next;
}

function isStart(text: string, at: number): boolean {
  return at === 0 || /[\s\-_/.:(]/.test(text[at - 1]!);
}

/** What answers, best first; ties stay in the order given. */
export function fuzzyFilter<T>(items: readonly T[], typed: string, textOf: (item: T) => string): T[] {
  if (typed.trim() === "") return [...items];
  return items
    .flatMap((item) => {
      const score = fuzzyScore(textOf(item), typed);
      return score === null ? [] : [{ item, score }];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
