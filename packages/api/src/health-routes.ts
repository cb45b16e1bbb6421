import { Hono } from "hono";

/**
 * What those ask who look after the process: whether it lives, and whether it is to get requests.
 * @param isReady true once the stores answer, and false again when the process is about to end
 */
export function healthRoutes(isReady: () => Promise<boolean>): Hono {
  const app = new Hono();
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) =>
    (await isReady()) ? c.json({ status: "ready" }) : c.json({ status: "starting" }, 503),
  );
  return app;
}
