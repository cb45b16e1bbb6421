import { expect, it } from "vitest";
import { createLog, type LogOptions } from "./log.ts";

function logged(
  write: (log: ReturnType<typeof createLog>) => void,
  options: LogOptions = {},
): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog({ ...options, destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it("writes lines of JSON with the time in UTC", () => {
  expect(logged((log) => log.info({ rows: 3 }, "imported"))).toEqual([
    { level: 30, time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), rows: 3, msg: "imported" },
  ]);
});

it("never writes secrets, wherever they stand", () => {
  const secret = "s3cr3t";
  const lines = logged((log) =>
    log.info(
      { password: secret, request: { cookie: secret, headers: { authorization: secret } }, "set-cookie": secret },
      "request",
    ),
  );
  expect(JSON.stringify(lines)).not.toContain(secret);
  expect(lines[0]).toMatchObject({
    password: "[redacted]",
    request: { cookie: "[redacted]", headers: { authorization: "[redacted]" } },
  });
});

it("leaves out what is below its level", () => {
  expect(logged((log) => log.info("chatter"), { level: "warn" })).toEqual([]);
});

it("puts the fields of the process into every line", () => {
  expect(logged((log) => log.info("x"), { fields: { process: "api" } })[0]).toMatchObject({ process: "api" });
});
