/** The name, or the first number of it that is not taken. */
export function freeName(taken: readonly string[], name: string): string {
  for (let number = 1; ; number += 1) {
    const one = number === 1 ? name : `${name} ${number}`;
    if (!taken.includes(one)) return one;
  }
}
