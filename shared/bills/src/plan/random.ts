/** A seeded source of chance (sfc32): the same seed gives the same company on every machine. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    let hash = 2166136261;
    const words: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 16777619);
      hash = Math.imul(hash ^ (hash >>> 15), 2246822519) ^ round;
      words.push(hash | 0);
    }
    [this.#a, this.#b, this.#c] = words as [number, number, number];
    for (let i = 0; i < 15; i++) this.next();
  }

  /** A number from 0 to below 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)]!;
  }

  pickWeighted<T>(items: readonly T[], weightOf: (item: T) => number): T {
    let left = this.next() * items.reduce((total, item) => total + weightOf(item), 0);
    for (const item of items) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    return items[items.length - 1]!;
  }

  /** Around 1, skewed to the right as the sizes of real resources are. */
  logNormal(sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return Math.exp(sigma * normal - (sigma * sigma) / 2);
  }

  hex(length: number): string {
    return this.#text("0123456789abcdef", length);
  }

  digits(length: number): string {
    return this.#text("123456789", 1) + this.#text("0123456789", length - 1);
  }

  capitals(length: number): string {
    return this.#text("ABCDEFGHJKMNPQRSTUVWXYZ23456789", length);
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`;
  }

  #text(alphabet: string, length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) text += alphabet[this.integer(alphabet.length)];
    return text;
  }
}
