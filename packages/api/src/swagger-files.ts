import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { ReadSwaggerFile } from "./docs-pages.ts";

const require = createRequire(import.meta.url);

/** For hosts that run on Node: the files as they are installed. */
export const readSwaggerFile: ReadSwaggerFile = (name) => readFile(paths[name], "utf8");

const paths = {
  "swagger-ui.css": require.resolve("swagger-ui-dist/swagger-ui.css"),
  "swagger-ui-bundle.js": require.resolve("swagger-ui-dist/swagger-ui-bundle.js"),
};
