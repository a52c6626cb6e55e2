"""Workers, master and database are killed while candidates save; nothing that was acknowledged is lost. The long run is `make faults`."""

from pathlib import Path

import pytest

from tests.faults.checker.verdict import HEADLINE, OTHERS
from tests.faults.run import SHORT, fault_run

pytestmark = pytest.mark.xdist_group("faults")
BACK_WITHIN_S = 15


def test_nothing_is_lost_while_everything_is_killed(backend: str, tmp_path: Path) -> None:
    report = fault_run(backend, SHORT, tmp_path / "run")
    verdict = report.result.verdict
    assert verdict.findings == ()
    assert [verdict.count(kind) for kind in (*HEADLINE, *OTHERS)] == [0] * 11
    assert verdict.acknowledged >= SHORT.acknowledged
    hurt = {"database stopped at once", "all connections held"} if backend == "postgresql" else {"writers collided"}
    assert report.faults.keys() == {"worker killed", "gentle restart", "master killed"} | hurt
    assert report.result.requests["UNKNOWN"] > 0
    assert report.result.requests["repeated"] > 0
    assert report.result.requests["from a replaced device"] > 1
    assert report.longest_down_s < BACK_WITHIN_S
    assert report.master_starts > 1
    assert report.orphans == 0
