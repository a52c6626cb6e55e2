"""All that happens under the clock: exam sessions, who is listed, papers, sittings with their events, marks, and who goes on."""

from examsite.rounds.models.devices import ReleaseRequest
from examsite.rounds.models.evidence import EvidenceDecision, LateEvidence
from examsite.rounds.models.ledger import BUCKET_SECONDS, CAUSES, DECLINED, MADE_GOOD, OTHERWISE, Heartbeat, OutageDecision, TimeEntry
from examsite.rounds.models.postponements import SessionPostponement
from examsite.rounds.models.practice import Practice
from examsite.rounds.models.room import DOCUMENTS, Incident, IncidentEntry, Violation
from examsite.rounds.models.seating import Allocation, ExamRoom, SessionRoom, SpecialNeed
from examsite.rounds.models.sessions import ExamSession, Paper, RosterEntry
from examsite.rounds.models.sittings import Entrant, Sitting, SittingEvent, SittingMark

__all__ = [
    "BUCKET_SECONDS",
    "CAUSES",
    "DECLINED",
    "DOCUMENTS",
    "MADE_GOOD",
    "OTHERWISE",
    "Allocation",
    "Entrant",
    "EvidenceDecision",
    "ExamRoom",
    "ExamSession",
    "Heartbeat",
    "Incident",
    "IncidentEntry",
    "LateEvidence",
    "OutageDecision",
    "Paper",
    "Practice",
    "ReleaseRequest",
    "RosterEntry",
    "SessionPostponement",
    "SessionRoom",
    "Sitting",
    "SittingEvent",
    "SittingMark",
    "SpecialNeed",
    "TimeEntry",
    "Violation",
]
