#!/usr/bin/env python3
"""Adds up raw bills with Python's decimals and holds the platform's figures against the sums.

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
from collections import defaultdict
from decimal import Decimal, getcontext
from pathlib import Path

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


def finops(data_folder, *arguments):
    run = subprocess.run(
        ["scripts/pnpm.sh", "-s", "finops", *arguments],
        env={**os.environ, "FINOPS_DATA": data_folder},
        capture_output=True,
        text=True,
        timeout=300,
    )
    if run.returncode != 0:
        raise AssertionError(f"finops {arguments[0]} ended with {run.returncode}: {run.stderr.strip()[-800:]}")
    return run.stdout


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


def check(files, data_folder, tenant):
    expected = expected_of(files)
    printed = finops(data_folder, "import", *map(str, files), "--tenant", tenant, "--create-tenant", "--json")
    report = json.loads(printed.strip().splitlines()[-1])
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
    check_query(data_folder, tenant, expected)


def check_query(data_folder, tenant, expected):
    measures = ["billedCost", "effectiveCost"]
    answer = json.loads(
        finops(
            data_folder,
            "query",
            *("--tenant", tenant, "--measures", ",".join(measures), "--by", "ServiceName"),
            *("--from", "2000-01-01", "--to", "2100-01-01", "--format", "json"),
        )
    )
    for measure, total in zip(measures, ["billed", "effective"]):
        found = plus(*({row["currency"]: row[measure]} for row in answer["rows"]))
        same(f"{measure} of the query", found, expected[total])


def main():
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print("Give the folder of the bills.", file=sys.stderr)
        return 2
    passed = failed = 0
    with tempfile.TemporaryDirectory() as data_folder:
        # PostgreSQL does not run as root, so its own user must be able to walk into the folder.
        os.chmod(data_folder, 0o755)
        for number, files in enumerate(bills_below(sys.argv[1])):
            name = " + ".join(str(file.relative_to(sys.argv[1])) for file in files)
            try:
                check(files, os.path.join(data_folder, "store"), f"bill-{number}")
                passed += 1
                print(f"ok    {name}", flush=True)
            except (AssertionError, KeyError, ValueError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"FAIL  {name}\n      {type(error).__name__}: {error}", flush=True)
    if passed + failed == 0:
        print(f"There is no bill below {sys.argv[1]}.", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
