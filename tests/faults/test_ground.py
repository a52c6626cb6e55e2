"""What a fault run arranges by itself outlives the faults that it makes."""

from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from examsite import clock
from tests.faults import ground
from tests.faults.ground import DEADLINE_IN, Ground


@pytest.mark.once
@pytest.mark.parametrize(("failures", "comes"), [(0, True), (2, True), (9, False)])
def test_the_deadline_is_set_once_the_database_is_there(
    shared_engine: Engine, monkeypatch: pytest.MonkeyPatch, failures: int, comes: bool
) -> None:
    left, came = iter(range(failures)), list[datetime]()

    def try_it(_ground: Ground, deadline: datetime) -> None:
        if next(left, None) is not None:
            raise OperationalError("UPDATE", {}, Exception("too many clients already"))
        came.append(deadline)

    monkeypatch.setattr(Ground, "_set_deadline", try_it)
    monkeypatch.setattr(ground, "PATIENCE_S", 60 if comes else -1)
    monkeypatch.setattr(ground, "PAUSE_S", 0)
    made, before = Ground(shared_engine, [], ("", ""), {}), clock.now()
    if comes:
        made.bring_deadline_near()
        assert len(came) == 1
        assert came[0] > before + DEADLINE_IN / 2
    else:
        with pytest.raises(OperationalError):
            made.bring_deadline_near()
        assert came == []
