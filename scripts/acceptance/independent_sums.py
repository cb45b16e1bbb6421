#!/usr/bin/env python3
"""Adds up raw bills with Python's decimals and holds the platform's figures against the sums, twice: imported by the
command line on a data folder, and uploaded to a running server as the page does, behind a session.

Shares no code and no language with the platform, so that one mistake cannot make both sides agree.
Usage: independent_sums.py BILLS_FOLDER   (run from the root of the repository)
Ends with one line `N passed, N failed`; exits 1 when something failed, 2 when there is no bill.
"""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, getcontext
from pathlib import Path
from urllib.parse import quote

getcontext().prec = 200
csv.field_size_limit(1 << 30)


def rows_of(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def amount(text):
    return Decimal(0) if text in (None, "", "NULL", "null") else Decimal(text)


def first_column(row, names):
    return next((name for name in names if name in row), None)


def sum_by_currency(rows, currency_column, cost_of):
    totals = defaultdict(Decimal)
    for row in rows:
        totals[row[currency_column]] += cost_of(row)
    return dict(totals)


def aws_sums(rows):
    """Lines of usage and tax only: billed and effective are both the unblended cost."""
    cost = first_column(rows[0], ["lineItem/NetUnblendedCost", "lineItem/UnblendedCost"])
    total = sum_by_currency(rows, "lineItem/CurrencyCode", lambda row: amount(row[cost]))
    return {"raw": total, "billed": total, "effective": total}


def azure_sums(rows):
    cost = first_column(rows[0], ["CostInBillingCurrency", "Cost"])
    currency = first_column(rows[0], ["BillingCurrencyCode", "BillingCurrency"])
    total = sum_by_currency(rows, currency, lambda row: amount(row[cost]))
    return {"raw": total, "billed": total, "effective": total}


def gcp_sums(rows):
    def credited(row):
        credits = re.findall(r"""['"]amount['"]:\s*['"]?(-?[\d.]+(?:[eE][+-]?\d+)?)""", row["credits"])
        return amount(row["cost"]) + sum((Decimal(credit) for credit in credits), Decimal(0))

    total = sum_by_currency(rows, "currency", credited)
    return {"raw": total, "billed": total, "effective": total}


def oci_sums(rows):
    total = sum_by_currency(rows, "cost/currencyCode", lambda row: amount(row["cost/myCost"]))
    return {"raw": total, "billed": total, "effective": total}


def focus_sums(rows):
    billed = sum_by_currency(rows, "BillingCurrency", lambda row: amount(row["BilledCost"]))
    effective = sum_by_currency(rows, "BillingCurrency", lambda row: amount(row["EffectiveCost"]))
    return {"raw": billed, "billed": billed, "effective": effective}


def sums_of(rows):
    columns = rows[0]
    if "ContractCommitmentId" in columns:
        return {}
    if "BilledCost" in columns:
        return focus_sums(rows)
    if "lineItem/LineItemType" in columns:
        return aws_sums(rows)
    if "lineItem/intervalUsageStart" in columns:
        return oci_sums(rows)
    if "sku.id" in columns:
        return gcp_sums(rows)
    return azure_sums(rows)


def bills_below(folder):
    """Every file is a bill of its own, but an actual and an amortized export of one month are one bill."""
    paths = sorted(Path(folder).rglob("*.csv"))
    pairs = {path: Path(str(path).replace("ActualCost", "AmortizedCost")) for path in paths if "ActualCost" in path.name}
    partners = {partner for partner in pairs.values() if partner in paths}
    for path in paths:
        if path in partners:
            continue
        yield [path, pairs[path]] if pairs.get(path) in partners else [path]


def expected_of(files):
    tables = [rows_of(file) for file in files]
    expected = sums_of(tables[0])
    if len(files) == 2:
        expected = {"billed": expected["billed"], "effective": sums_of(tables[1])["effective"]}
    return {"rows": sum(len(table) for table in tables), **expected}


MEASURES = ["billedCost", "effectiveCost"]
PERIOD = ("2000-01-01", "2100-01-01")


class CommandLine:
    """`finops` on a data folder that no server runs on."""

    name = "command line"

    def __init__(self, data_folder):
        self.data_folder = data_folder

    def import_bill(self, files, tenant):
        printed = self.finops("import", *map(str, files), "--tenant", tenant, "--create-tenant", "--json")
        return json.loads(printed.strip().splitlines()[-1])

    def costs(self, tenant):
        answer = json.loads(
            self.finops(
                "query",
                *("--tenant", tenant, "--measures", ",".join(MEASURES), "--by", "ServiceName"),
                *("--from", PERIOD[0], "--to", PERIOD[1], "--format", "json"),
            )
        )
        return [(row["currency"], {measure: row[measure] for measure in MEASURES}) for row in answer["rows"]]

    def finops(self, *arguments):
        run = subprocess.run(
            ["node", "scripts/finops.mjs", *arguments],
            env={**os.environ, "FINOPS_DATA": self.data_folder},
            capture_output=True,
            text=True,
            timeout=300,
        )
        if run.returncode != 0:
            raise AssertionError(f"finops {arguments[0]} ended with {run.returncode}: {run.stderr.strip()[-800:]}")
        return run.stdout


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A sign-in answers with its cookie and a redirect; the cookie is what counts."""

    def redirect_request(self, *_):
        return None


class Page:
    """A running server, spoken to as the page does: a one-time link, a session, an upload, and a query."""

    name = "upload"

    def __init__(self, data_folder):
        self.data_folder = data_folder
        environment = {**os.environ, "FINOPS_DATA": data_folder, "PORT": "0", "FINOPS_DEMO_ROWS": "0"}
        self.server = subprocess.Popen(
            ["node", "scripts/finops.mjs", "start", "--port", "0"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.url = next((line.split()[1] for line in self.server.stdout if line.startswith("Ready: ")), None)
        if self.url is None:
            raise AssertionError("The server did not start.")
        self.opener = urllib.request.build_opener(NoRedirect)
        self.cookies = {}

    def close(self):
        self.server.terminate()
        self.server.wait(timeout=60)

    def import_bill(self, files, tenant):
        self.sign_in(tenant)
        job = self.send(tenant, "POST", "/api/v1/imports")
        at = f"/api/v1/imports/{job['id']}"
        for file in files:
            self.send(tenant, "PUT", f"{at}/file?name={quote(file.name)}", file.read_bytes(), "application/octet-stream")
        self.send(tenant, "POST", f"{at}/start", json.dumps({}).encode())
        deadline = time.monotonic() + 300
        while job["state"] not in ("done", "failed", "cancelled") and time.monotonic() < deadline:
            time.sleep(0.1)
            job = self.send(tenant, "GET", at)
        if job["state"] != "done" or len(job["reports"]) != 1:
            raise AssertionError(f"the import is {job['state']} with {len(job['reports'])} reports: {job['error']}")
        return job["reports"][0]

    def costs(self, tenant):
        query = {"measures": MEASURES, "groupBy": ["serviceName"], "period": {"start": PERIOD[0], "end": PERIOD[1]}}
        answer = self.send(tenant, "POST", "/api/v1/cost/query", json.dumps(query).encode())
        return [
            (row["currency"], {measure: row["values"][measure]["value"] for measure in MEASURES})
            for row in answer["rows"]
        ]

    def sign_in(self, tenant):
        key = {"Authorization": f"Bearer {Path(self.data_folder, 'local-key').read_text()}", "X-FinOps-Tenant": tenant}
        self.request("POST", "/api/local/tenants", json.dumps({"slug": tenant}).encode(), key)
        link = json.loads(self.request("POST", "/api/local/link", b"{}", key).read())["link"]
        answer = self.request("GET", link.removeprefix(self.url), None, {})
        self.cookies[tenant] = answer.headers["Set-Cookie"].split(";")[0]

    def send(self, tenant, method, path, body=None, kind="application/json"):
        headers = {"Cookie": self.cookies[tenant], "X-FinOps-Request": "page", "Content-Type": kind}
        return json.loads(self.request(method, path, body, headers).read())

    def request(self, method, path, body, headers):
        asked = urllib.request.Request(self.url + path, data=body, method=method, headers=headers)
        try:
            return self.opener.open(asked, timeout=300)
        except urllib.error.HTTPError as answer:
            if answer.code < 400:
                return answer
            raise AssertionError(f"{method} {path} answered {answer.code}: {answer.read()[:800]}") from answer


def same(name, found, expected):
    found = {currency: Decimal(value) for currency, value in found.items() if Decimal(value) != 0}
    expected = {currency: value for currency, value in expected.items() if value != 0}
    if found != expected:
        raise AssertionError(f"{name}: the platform says {show(found)}, the raw file says {show(expected)}")


def show(totals):
    return ", ".join(f"{value} {currency}" for currency, value in sorted(totals.items())) or "nothing"


def plus(*totals):
    result = defaultdict(Decimal)
    for each in totals:
        for currency, value in each.items():
            result[currency] += Decimal(value)
    return dict(result)


def check(files, door, tenant):
    expected = expected_of(files)
    report = door.import_bill(files, tenant)
    if report["rowsRead"] != expected["rows"]:
        raise AssertionError(f"rows read: the platform says {report['rowsRead']}, the file has {expected['rows']}")
    if "billed" not in expected:
        return
    accounted = report["rowsMapped"] + report["rowsRejected"] + report["rowsDropped"]
    if report["rowsRead"] != accounted:
        raise AssertionError(f"{report['rowsRead']} rows were read and {accounted} accounted for")
    if report["rowsPublished"] != report["rowsMapped"] + report["rowsDerived"]:
        raise AssertionError("rows published are not the rows mapped and derived")
    if "raw" in expected:
        same("raw cost", report["rawCost"], expected["raw"])
    same("rejected cost", report["rejectedCost"], {})
    same("billed cost", report["billedCost"], expected["billed"])
    same("effective cost", report["effectiveCost"], expected["effective"])
    moved = [line["cost"] for line in report["bridge"]]
    same("raw cost and bridge", plus(report["rawCost"], *moved), plus(report["billedCost"], report["rejectedCost"]))
    check_query(door, tenant, expected)


def check_query(door, tenant, expected):
    rows = door.costs(tenant)
    for measure, total in zip(MEASURES, ["billed", "effective"]):
        found = plus(*({currency: costs[measure]} for currency, costs in rows))
        same(f"{measure} of the query", found, expected[total])


def check_all(folder, door):
    passed = failed = 0
    for number, files in enumerate(bills_below(folder)):
        name = f"{door.name}: " + " + ".join(str(file.relative_to(folder)) for file in files)
        try:
            check(files, door, f"bill-{number}")
            passed += 1
            print(f"ok    {name}", flush=True)
        except (AssertionError, KeyError, ValueError, OSError, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"FAIL  {name}\n      {type(error).__name__}: {error}", flush=True)
    return passed, failed


def check_uploads(folder, data_folder):
    page = Page(data_folder)
    try:
        return check_all(folder, page)
    finally:
        page.close()


def main():
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print("Give the folder of the bills.", file=sys.stderr)
        return 2
    folder = sys.argv[1]
    with tempfile.TemporaryDirectory() as data_folder:
        # PostgreSQL does not run as root, so its own user must be able to walk into the folder.
        os.chmod(data_folder, 0o755)
        # Both wait a good part of their time for programs to start.
        with ThreadPoolExecutor(max_workers=2) as pool:
            lines = pool.submit(check_all, folder, CommandLine(os.path.join(data_folder, "command-line")))
            uploads = pool.submit(check_uploads, folder, os.path.join(data_folder, "server"))
            passed, failed = (sum(counts) for counts in zip(lines.result(), uploads.result()))
    if passed + failed == 0:
        print(f"There is no bill below {folder}.", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
