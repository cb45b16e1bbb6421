import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { metrics } from "@finops/platform/observe/telemetry";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const text = (path: string) => readFileSync(`${root}/${path}`, "utf8");
const alerts = text("deploy/observability/alerts.yaml");
const dashboards = "deploy/observability/grafana/dashboards";

it("asks for no figure that is not kept, and has an alert or a picture of each", () => {
  const kept = Object.entries(metrics).flatMap(([name, { kind }]) => {
    const base = name.replaceAll(".", "_");
    if (kind === "histogram") return [`${base}_bucket`, `${base}_count`];
    return kind === "counter" ? [`${base}_total`] : [base];
  });
  const files = [alerts, ...readdirSync(`${root}/${dashboards}`).map((name) => text(`${dashboards}/${name}`))];
  const asked = new Set(files.flatMap((file) => file.match(/\bfinops_[a-z_]+/g) ?? []));
  expect([...asked].filter((name) => !kept.includes(name))).toEqual([]);
  const shown = (name: string) => [...asked].some((one) => one.startsWith(name.replaceAll(".", "_")));
  expect(Object.keys(metrics).filter((name) => !shown(name))).toEqual([]);
});

it("has a runbook for every alert, which names it", () => {
  const found = [...alerts.matchAll(/- alert: (\w+)[\s\S]*?runbook: (\S+)/g)];
  expect(found.length).toBe(alerts.match(/- alert:/g)?.length);
  for (const [, alert, runbook] of found) expect(text(runbook!)).toContain(`Alert \`${alert}\`.`);
});
