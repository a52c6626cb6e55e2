"""Sentences of the ledger of time: giving time, pauses, outages, and the preflight before a session opens."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "rounds.paused": _("The clock stands still for you. Stay at your place; it goes on as soon as the invigilator says so."),
    "rounds.time_missing": _("Say how much time is given: at least one second."),
    "rounds.time_much": _("One act gives at most %(hours)s hours. Check minutes and seconds; if more is due, give it in two acts."),
    "rounds.accommodation_much": _("At most %(hours)s hours or %(percent)s percent can be recorded. Check what was typed."),
    "rounds.time_kind": _("Choose what kind of time is given."),
    "rounds.cause_unknown": _("Choose what took the time."),
    "rounds.evidence_missing": _("Write what the extra time is based on, such as the document that was shown and its date."),
    "rounds.choose_reopened": _(
        "Parts that were handed in are opened again only for candidates who are chosen by name. Tick them, not the room."
    ),
    "rounds.choose_candidates": _("Nobody was chosen. Tick the candidates, or choose the whole room."),
    "rounds.time_for_nobody": _("None of those chosen would get anything from this. The list below says why; change part or candidates."),
    "rounds.preview_changed": _(
        "Something changed since this preview was made. Nothing was given; look at the new preview and confirm it."
    ),
    "rounds.outage_changed": _("This outage is no longer as it was shown. Nothing was decided; look at it again and decide."),
    "rounds.outage_decided": _("This outage has been decided already. Nothing was changed; the decision stands on this page."),
    "rounds.outage_is_declined": _("It is recorded that nothing is given for this outage."),
    "rounds.outage_is_otherwise": _("It is recorded how this outage is made good."),
    "rounds.outage_choose": _("Choose whether nothing is given, or something else than time."),
    "rounds.outage_choice.declined": _("Nothing is given: the time was given by hand, or nobody lost anything"),
    "rounds.outage_choice.otherwise": _("It is made good otherwise than by time; the reason says how"),
    "rounds.outage.otherwise": _("made good otherwise"),
    "rounds.outage.made_good": _("made good"),
    "rounds.outage.declined": _("declined"),
    "rounds.nobody_to_pause": _("There is nobody whose clock could be stopped."),
    "rounds.tick_paused": _(
        "Nobody is ticked, so every clock stands still as before. "
        "Tick those whose clock should run again, or use the button for all of them."
    ),
    "rounds.nobody_paused": _("No clock stands still for those chosen; somebody else may have let it run again."),
    "rounds.time_given": _("Time was given. Candidates who got it: %(count)s."),
    "rounds.accommodated": _("The extra time is recorded. Candidates: %(count)s."),
    "rounds.clock_stopped": _("The clock stands still. Candidates: %(count)s."),
    "rounds.clock_runs": _("The clock runs again, and the time lost was added to the second. Candidates: %(count)s."),
    "rounds.time.lengthened": _("gets the time"),
    "rounds.time.reopened": _("opened again"),
    "rounds.time.handed_in": _("handed in by the candidate"),
    "rounds.time.missed": _("not begun, and its time is over; postpone the start instead"),
    "rounds.time.begun": _("begun already"),
    "rounds.time.too_late": _("the new time would be over already"),
    "rounds.time.exempt": _("exempted from this part"),
    "rounds.time.absent": _("recorded as absent"),
    "rounds.time.voided": _("exam voided"),
    "rounds.time.over": _("nothing is left to lengthen"),
    "rounds.kind.start": _("Later start"),
    "rounds.kind.accommodation": _("Extra time by entitlement"),
    "rounds.kind.grant": _("Time given"),
    "rounds.kind.pause": _("Clock stopped"),
    "rounds.kind.correction": _("Correction"),
    "rounds.cause.machine": _("computer"),
    "rounds.cause.room": _("room"),
    "rounds.cause.power": _("power failure"),
    "rounds.cause.server": _("server"),
    "rounds.cause.paper": _("error in the paper"),
    "rounds.cause.other": _("other cause"),
    "rounds.cause.entitled": _("entitled by evidence"),
    "preflight.on_time": _("Candidate %(number)s, beginning on time, would be short of %(minutes)s min %(seconds)s s."),
    "preflight.late": _(
        "Candidate %(number)s, beginning at the last moment of late entry, would be short of %(minutes)s min %(seconds)s s."
    ),
    "preflight.late_entry": _(
        "Candidate %(number)s could be let in after the end of the part, by %(minutes)s min %(seconds)s s. Shorten late entry in the rules."
    ),
    "preflight.person": _("Candidate %(number)s sits in session %(other)s for %(minutes)s min %(seconds)s s of the same time."),
    "preflight.place": _(
        "Candidate %(number)s has %(minutes)s min %(seconds)s s left when this room goes to session %(other)s. Change time or place."
    ),
    "preflight.no_minutes": _("A part has no minutes. Give it at least one in the rules."),
}
