// `node scripts/count-tests.mjs VITEST.json PLAYWRIGHT.json`, or `--junit FILE.xml`: prints "passed failed". A report that is
// not there is a failure.
import { existsSync, readFileSync } from "node:fs";

const [first, second] = process.argv.slice(2);
const counts =
  first === "--junit" ? [count(second, ofJunit, String)] : [count(first, ofVitest), count(second, ofPlaywright)];
console.log(counts.reduce(([p, f], [passed, failed]) => [p + passed, f + failed], [0, 0]).join(" "));

function count(path, read, parse = JSON.parse) {
  return existsSync(path) ? read(parse(readFileSync(path, "utf8"))) : [0, 1];
}

/** Sums of the whole report: each operation is a test case. */
function ofJunit(report) {
  const [tests = 0, failures = 0, errors = 0] = ["tests", "failures", "errors"].map((name) =>
    Number(report.match(new RegExp(`<testsuites?[^>]*\\s${name}="(\\d+)"`))?.[1] ?? 0),
  );
  return [tests - failures - errors, Math.max(failures + errors, tests === 0 ? 1 : 0)];
}

/** A file that does not even load has no failed test in it, so it counts by itself. */
function ofVitest(report) {
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return [report.numPassedTests, report.numFailedTests + broken.length];
}

function ofPlaywright(report) {
  return [report.stats.expected + report.stats.flaky, report.stats.unexpected + report.errors.length];
}
