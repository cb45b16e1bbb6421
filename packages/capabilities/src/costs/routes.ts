import { AppError } from "@finops/kernel/app-error";
import { isKnown, revalidated } from "@finops/platform/http/entity-tag";
import type { AppEnv } from "@finops/platform/http/app-env";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context as HonoContext } from "hono";
import type { CostValuesParameters } from "./contract.ts";
import { costOperations } from "./operations.ts";
import { costTag, findCostPosition, getCostCatalog, listCostValues, queryCostRows, queryCosts } from "./service.ts";

export function costRoutes(reader: CostReader): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>()
    .openapi(costOperations.queryCosts, (c) => {
      const query = c.req.valid("json");
      return unlessKnown(c, query, () => queryCosts(c.var.ctx, reader, query, { signal: c.req.raw.signal }));
    })
    .openapi(costOperations.queryCostRows, (c) => {
      const query = c.req.valid("json");
      return unlessKnown(c, query, () => queryCostRows(c.var.ctx, reader, query, { signal: c.req.raw.signal }));
    })
    .openapi(costOperations.listCostValues, (c) => {
      const query = valuesQuery(c.req.valid("param").name, c.req.valid("query"));
      return unlessKnown(c, query, () => listCostValues(c.var.ctx, reader, query, { signal: c.req.raw.signal }));
    })
    .openapi(costOperations.getCostCatalog, async (c) => c.json(await getCostCatalog(c.var.ctx, reader), 200));
}

/**
 * An answer with its tag, or 304 before anything is read when the client has it already. The tag is weak: it stands for the
 * position, the request and what the caller may see, so two answers with it have the same figures, and may tell another
 * duration.
 */
async function unlessKnown<T extends { meta: { position: string } }>(
  c: HonoContext<AppEnv>,
  query: { asOf?: string | undefined },
  answer: () => Promise<T>,
) {
  const headersAt = async (position: string) => ({
    etag: await costTag(c.var.ctx, c.req.path, query, position),
    ...revalidated,
  });
  const had = c.req.header("if-none-match");
  if (had !== undefined) {
    const headers = await headersAt(await findCostPosition(c.var.ctx, query.asOf));
    if (isKnown(had, headers.etag)) return new Response(null, { status: 304, headers }) as never;
  }
  const answered = await answer();
  return c.json(answered, 200, await headersAt(answered.meta.position));
}

function valuesQuery(dimension: string, { start, end, filter, ...rest }: CostValuesParameters) {
  return {
    dimension,
    period: { start, end },
    ...rest,
    ...(filter === undefined ? {} : { filter: parseFilter(filter) }),
  };
}

function parseFilter(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AppError("invalid", "filter: Send the filter of a cost query as JSON text.");
  }
}
