interface QueryCompiler {
  compile(query: string): unknown;
  compileBatch(batch: string): unknown;
  free(): void;
}

type CompilerOptions = Record<"datamodel" | "provider", string>;

interface CompilerRuntime {
  QueryCompiler: new (options: CompilerOptions) => QueryCompiler;
}

interface ClientConfig {
  compilerWasm?: { getRuntime(): Promise<CompilerRuntime> };
}

const plansMax = 1_000;

/**
 * Options of clients of Prisma that compile their queries by one compiler, and remember the plans together.
 * Each would else read the whole schema for itself, for 40 to 150 ms and 1.5 MB; yet what a compiler makes of a query depends on
 * these two alone, and it answers at once. The option is Prisma's own, for its tests; `shared-compiler.test.ts` tells when it is gone.
 */
export function createSharedCompiler() {
  let runtime: CompilerRuntime | null = null;
  return {
    queryPlanCacheMaxSize: 0,
    __internal: {
      configOverride: <Config extends ClientConfig>(config: Config): Config => {
        const { compilerWasm } = config;
        if (compilerWasm === undefined) return config;
        return {
          ...config,
          compilerWasm: {
            ...compilerWasm,
            getRuntime: async () => (runtime ??= shared(await compilerWasm.getRuntime())),
          },
        };
      },
    },
  };
}

function shared(theirs: CompilerRuntime): CompilerRuntime {
  let compiler: QueryCompiler | null = null;
  const plans = new Map<string, unknown>();
  class SharedCompiler implements QueryCompiler {
    readonly #compiler: QueryCompiler;

    constructor(options: CompilerOptions) {
      this.#compiler = compiler ??= new theirs.QueryCompiler(options);
    }
    compile(query: string): unknown {
      // Its values are part of the query, so the same never comes again.
      if (/"action":"createMany/.test(query.slice(0, 200))) return this.#compiler.compile(query);
      return remembered(plans, query, () => this.#compiler.compile(query));
    }
    compileBatch(batch: string): unknown {
      return remembered(plans, batch, () => this.#compiler.compileBatch(batch));
    }
    /** Others go on with it. */
    free(): void {}
  }
  return { ...theirs, QueryCompiler: SharedCompiler };
}

/** What was used last is kept. */
function remembered(plans: Map<string, unknown>, query: string, compile: () => unknown): unknown {
  const plan = plans.get(query) ?? compile();
  plans.delete(query);
  plans.set(query, plan);
  if (plans.size > plansMax) plans.delete(plans.keys().next().value!);
  return plan;
}
