// `node scripts/count-tests.mjs VITEST.json PLAYWRIGHT.json`, or `--junit FILE.xml`: prints "passed failed", and to stderr
// what failed, by name. A report that is not there is a failure.
import { existsSync, readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

const errorMax = 500;
const pageMax = 1200;
const [first, second] = process.argv.slice(2);
const counts =
  first === "--junit" ? [count(second, ofJunit, String)] : [count(first, ofVitest), count(second, ofPlaywright)];
tellUnhandled("reports/unhandled.txt");
console.log(counts.reduce(([p, f], [passed, failed]) => [p + passed, f + failed], [0, 0]).join(" "));

function count(path, read, parse = JSON.parse) {
  if (existsSync(path)) return read(parse(readFileSync(path, "utf8")));
  console.error(`failed: there is no report ${path}`);
  return [0, 1];
}

/** Sums of the whole report: each operation is a test case. */
function ofJunit(report) {
  const [tests = 0, failures = 0, errors = 0] = ["tests", "failures", "errors"].map((name) =>
    Number(report.match(new RegExp(`<testsuites?[^>]*\\s${name}="(\\d+)"`))?.[1] ?? 0),
  );
  return [tests - failures - errors, Math.max(failures + errors, tests === 0 ? 1 : 0)];
}

/** What went wrong outside of any test is told, and counted by how the run ended. */
function tellUnhandled(path) {
  if (existsSync(path)) console.error(`failed, outside of any test: ${readFileSync(path, "utf8")}`);
}

/** A file that does not even load has no failed test in it, so it counts by itself. */
function ofVitest(report) {
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    for (const test of failed)
      console.error(`failed: ${file.name}: ${test.fullName}\n${test.failureMessages.join("\n")}`);
    if (failed.length === 0 && file.status === "failed") console.error(`failed: ${file.name}: ${file.message}`);
  }
  return [report.numPassedTests, report.numFailedTests + broken.length];
}

function ofPlaywright(report) {
  for (const spec of specsOf(report).filter(({ ok }) => !ok)) {
    const results = spec.tests.flatMap((test) => test.results);
    const errors = results
      .flatMap((result) => result.errors)
      .map(({ message }) => stripVTControlCharacters(message).slice(0, errorMax));
    console.error(`failed: ${spec.file}: ${spec.title}\n${[...errors, ...results.flatMap(pageOf)].join("\n")}`);
  }
  return [report.stats.expected + report.stats.flaky, report.stats.unexpected + report.errors.length];
}

/** What stood on the page, from its title on: Playwright keeps it in a file, which nobody opens where CI runs. */
function pageOf({ attachments }) {
  const found = attachments.find(({ name, path }) => name === "error-context" && path && existsSync(path));
  if (!found) return [];
  const page = readFileSync(found.path, "utf8").split("```yaml\n")[1] ?? "";
  return [page.slice(Math.max(0, page.indexOf("- banner:"))).slice(0, pageMax)];
}

/** Suites hold specs, and suites. */
function specsOf({ specs = [], suites = [] }) {
  return [...specs, ...suites.flatMap(specsOf)];
}
