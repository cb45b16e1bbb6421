// `node main.mjs FOLDER CONFIG [PORT]`: the ClickHouse engine in this process (chdb), behind as much of ClickHouse's HTTP as its own
// client speaks. For tests alone. Prints its address, and ends when its standard input does.
// Plain JavaScript, so that it starts without a loader.
import { createServer } from "node:http";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Session } from "chdb";

const [folder, config, port = "0"] = process.argv.slice(2);
const session = new Session(join(folder, "data"), { connectionArgs: [`--config-file=${config}`] });

/** Settings of the HTTP layer, which is this file. */
const ofHttp =
  /^(wait_end_of_query|send_progress_in_http_headers|cancel_http_readonly_queries_on_client_close|http_.*|enable_http_compression|default_format|database|query_id|query|session_id|role)$/;

// The engine's session runs one statement at a time.
let turn = Promise.resolve();
let files = 0;

const server = createServer((request, response) => {
  if (request.url === "/ping") return response.end("Ok.\n");
  const answered = turn.then(() => answer(request, response));
  turn = answered.catch((/** @type {unknown} */ error) => refuse(response, error));
});
server.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));

process.stdin.resume();
process.stdin.on("end", () => {
  server.close();
  server.closeAllConnections();
  void turn.then(() => {
    session.close();
    process.exit(0);
  });
});

async function answer(request, response) {
  const body = await bytesOf(request);
  const url = new URL(request.url, "http://localhost");
  const sent = { ...Object.fromEntries(url.searchParams), ...(await partsOf(request, body)) };
  const named = Object.entries(sent);
  const parameters = Object.fromEntries(
    named.filter(([name]) => name.startsWith("param_")).map(([name, value]) => [name.slice(6), unescaped(value)]),
  );
  const settings = named.filter(([name]) => !name.startsWith("param_") && !ofHttp.test(name));
  if (sent.query !== undefined && /^\s*INSERT/i.test(sent.query)) return insert(sent.query, parameters, body, response);
  const text = sent.query ?? body.toString();
  const { sql, format } = splitFormat(text, sent.default_format ?? "TabSeparated");
  if (!/^\s*(SELECT|WITH)\b/i.test(sql)) {
    await session.queryBindAsync(sql, parameters, { format });
    return response.end();
  }
  const clause = settings.map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`).join(", ");
  const stream = session.queryStreamBind(clause === "" ? sql : `${sql}\nSETTINGS ${clause}`, parameters, { format });
  request.on("close", () => response.writableFinished || stream.cancel());
  const head = format.endsWith("WithNames") ? { line: null } : undefined;
  for await (const chunk of stream) {
    const bytes = head === undefined ? chunk.raw() : withOneHead(chunk.text(), head);
    if (!response.write(bytes) && !response.destroyed)
      await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
  }
  response.end();
}

/** A server reads `input()` from the request; the engine alone reads a file. */
async function insert(query, parameters, body, response) {
  const { sql, format } = splitFormat(query, "Values");
  const path = join(folder, `input-${(files += 1)}`);
  writeFileSync(path, body);
  try {
    await session.queryBindAsync(sql.replace("input('", `file('${path}', '${format}', '`), parameters, {
      format: "CSV",
    });
    response.end();
  } finally {
    rmSync(path);
  }
}

function refuse(response, error) {
  const text = String(error?.message ?? error);
  const code = /Code: (\d+)\./.exec(text)?.[1] ?? "1002";
  if (response.headersSent) return response.destroy();
  response.writeHead(500, { "X-ClickHouse-Exception-Code": code }).end(text);
}

/** The engine's stream says the names again in later pieces; a server says them once. */
function withOneHead(text, head) {
  const lines = text.split("\n");
  const isFirst = head.line === null;
  head.line ??= lines[0];
  return lines.filter((line, index) => line !== head.line || (isFirst && index === 0)).join("\n");
}

async function bytesOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Many values do not fit into an address, so the client sends them as the parts of a form. */
async function partsOf(request, body) {
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return {};
  return Object.fromEntries(await new Response(body, { headers: { "content-type": type } }).formData());
}

function splitFormat(text, otherwise) {
  const found = /\s+FORMAT\s+(\w+)\s*;?\s*$/.exec(text);
  return found === null ? { sql: text, format: otherwise } : { sql: text.slice(0, found.index), format: found[1] };
}

/** Parameters come escaped as in tab-separated text. */
function unescaped(text) {
  const named = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f", 0: "\0" };
  return text.replaceAll(/\\(.)/gs, (_, one) => named[one] ?? one);
}
