"""What the log calls the acts of the house: accounts, lists from files, units, holidays, rooms."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "act_of.accounts:account:created": _("Made an account for a member of staff"),
    "act_of.accounts:account:activated": _("Activated the account"),
    "act_of.accounts:account:disabled": _("Disabled an account"),
    "act_of.accounts:code:issued": _("Gave a new activation code"),
    "act_of.accounts:email:changed": _("Changed the own mail address"),
    "act_of.accounts:password:changed": _("Changed the own password"),
    "act_of.accounts:session:opened": _("Signed in"),
    "act_of.accounts:session:closed": _("Signed out"),
    "act_of.accounts:session:refused": _("Refused a password"),
    "act_of.demo:session:opened": _("Went in as somebody in the demonstration"),
    "act_of.lists:upload:uploaded": _("Handed in a list as a file"),
    "act_of.lists:file:taken": _("Took in a list"),
    "act_of.lists:upload:dropped": _("Dropped a list that was handed in"),
    "act_of.campaigns:unit:created": _("Added a unit"),
    "act_of.campaigns:unit:changed": _("Changed a unit"),
    "act_of.holidays:day:added": _("Added a day to the list of holidays"),
    "act_of.holidays:day:changed": _("Changed a day on the list of holidays"),
    "act_of.holidays:day:removed": _("Removed a day from the list of holidays"),
    "act_of.holidays:known:taken": _("Entered the public holidays that are known"),
    "act_of.rounds:room:created": _("Added an exam room"),
    "act_of.rounds:room:changed": _("Changed an exam room"),
}
