// `node scripts/count-tests.mjs VITEST.json PLAYWRIGHT.json`: prints "passed failed". A report that is not there is a failure.
import { existsSync, readFileSync } from "node:fs";

const [vitestPath, playwrightPath] = process.argv.slice(2);
const counts = [count(vitestPath, ofVitest), count(playwrightPath, ofPlaywright)];
console.log(counts.reduce(([p, f], [passed, failed]) => [p + passed, f + failed], [0, 0]).join(" "));

function count(path, read) {
  return existsSync(path) ? read(JSON.parse(readFileSync(path, "utf8"))) : [0, 1];
}

/** A file that does not even load has no failed test in it, so it counts by itself. */
function ofVitest(report) {
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return [report.numPassedTests, report.numFailedTests + broken.length];
}

function ofPlaywright(report) {
  return [report.stats.expected + report.stats.flaky, report.stats.unexpected + report.errors.length];
}
