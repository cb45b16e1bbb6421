import { formatCount } from "@finops/ui/text/format-figure";

/** `nobody`, `1 person`, `1,204 people`. */
export function peopleWords(count: number): string {
  return count === 0 ? "nobody" : count === 1 ? "1 person" : `${formatCount(count)} people`;
}
