"""`make faults`: the long run on both databases. The last line says what was acknowledged and what was lost; status 1 if anything was."""

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.faults.checker.verdict import HEADLINE, OTHERS, Finding, Verdict, headline
from tests.faults.run import BACKENDS, LONG, Report, fault_run

SHOWN = 20


def main() -> int:
    """Run, tell, and give the exit status."""
    words = argparse.ArgumentParser(
        prog="faults", description="Kill what can be killed while candidates save, and check that nothing was lost."
    )
    words.add_argument("--backend", choices=[*BACKENDS, "both"], default="both")
    words.add_argument("--acknowledged", type=int, default=LONG.acknowledged, help="saves on each database")
    words.add_argument("--seed", default="faults")
    asked = words.parse_args()
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="examsite-run-"))
    size = replace(LONG, acknowledged=asked.acknowledged)
    reports = []
    for backend in BACKENDS if asked.backend == "both" else (asked.backend,):
        folder = Path(tempfile.mkdtemp(prefix=f"faults-{backend}-"))
        reports.append(fault_run(backend, size, folder, asked.seed))
        tell(reports[-1], folder)
    return conclude(reports)


def tell(report: Report, folder: Path) -> None:
    """One database: faults, requests, findings; the journals stay where something was found."""
    verdict, result = report.result.verdict, report.result
    print(f"\n{report.backend}: {verdict.acknowledged} saves acknowledged in {result.seconds:.0f} s")
    print("  faults      " + ", ".join(f"{name} {count}" for name, count in sorted(report.faults.items())))
    print(f"  came back   within {report.longest_down_s:.1f} s; an answer within {result.slowest_s:.1f} s, repeats included")
    print(f"  the master  was started {report.master_starts} times; orphans left: {report.orphans}")
    print("  replies     " + ", ".join(f"{name} {count}" for name, count in result.requests.items()))
    print("  others      " + ", ".join(f"{kind} {verdict.count(kind)}" for kind in OTHERS))
    for finding in verdict.findings[:SHOWN]:
        print(f"  {finding.kind}: candidate {finding.candidate}: {finding.sentence}")
    if verdict.findings:
        print(f"  journals in {folder}")
    else:
        shutil.rmtree(folder)


def conclude(reports: list[Report]) -> int:
    """Kills of each kind over all databases, the bound, and the last line."""
    findings: list[Finding] = [finding for report in reports for finding in report.result.verdict.findings]
    total = Verdict(sum(report.result.verdict.acknowledged for report in reports), tuple(findings))
    faults: Counter[str] = sum((Counter(report.faults) for report in reports), Counter())
    print("\nkills and faults: " + ", ".join(f"{name} {count}" for name, count in sorted(faults.items())))
    if not total.count("lost"):
        print(f"none lost of {total.acknowledged}: with 95 % confidence fewer than {3 / max(total.acknowledged, 1):.6f} of all (3/N)")
    print(headline(total))
    return int(any(total.count(kind) for kind in (*HEADLINE, *OTHERS)))


if __name__ == "__main__":
    sys.exit(main())
