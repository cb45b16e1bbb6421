import type { CostDialect, ParameterType } from "./cost-store.ts";

/** Collects the values of a statement in the order of their placeholders. */
export class Arguments {
  readonly values: (string | number)[] = [];
  readonly #dialect: CostDialect;

  constructor(dialect: CostDialect) {
    this.#dialect = dialect;
  }

  bind(value: string | number, type: ParameterType): string {
    this.values.push(value);
    return this.#dialect.parameter(this.values.length, type);
  }
}
