"""Sentences of notices, in the product and by mail."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "notice.signature_waits": _("%(what)s: %(who)s signed first and asks for your signature. %(campaign)s."),
    "notice.act_signed": _("%(what)s: %(who)s signed second. %(campaign)s."),
    "notice.act_withdrawn": _("%(what)s: %(who)s withdrew it before the second signature. Reason: %(reason)s. %(campaign)s."),
    "notice.appointed": _("You were appointed: %(board)s. %(campaign)s."),
    "notice.seat_ended": _("Your seat has ended: %(board)s. Reason: %(reason)s. %(campaign)s."),
    "notice.eligible": _("You are eligible for %(position)s. %(campaign)s."),
    "notice.rejected": _("You are not eligible for %(position)s. Reason: %(reason)s. %(campaign)s."),
    "notice.list_published": _("%(list)s: the list is published. %(campaign)s."),
    "notice.list_corrected": _("%(list)s: a corrected list is published and takes the place of the earlier one. %(campaign)s."),
    "notice.session_set": _("Your exam session: %(name)s, %(when)s, %(place)s. %(campaign)s."),
    "notice.session_postponed": _("Your exam session %(name)s is postponed to %(when)s, %(place)s. Reason: %(reason)s. %(campaign)s."),
    "notice.session_reopened": _(
        "Your exam session %(name)s is being corrected. Wait for the new notice. Reason: %(reason)s. %(campaign)s."
    ),
    "notice.interview_set": _("Your interview: %(panel)s, number %(number)s, %(when)s, %(place)s. %(campaign)s."),
    "notice.interview_moved": _("Your interview is moved to %(when)s, %(place)s. Reason: %(reason)s. %(campaign)s."),
    "notice.interview_changed": _("Your interview has changed: %(panel)s, number %(number)s, %(when)s, %(place)s. %(campaign)s."),
    "notice.interview_set_prepared": _(
        "Your interview: %(panel)s, number %(number)s, %(when)s, %(place)s; your time to prepare begins at %(prepare)s. %(campaign)s."
    ),
    "notice.interview_moved_prepared": _(
        "Your interview is moved to %(when)s, %(place)s; your time to prepare begins at %(prepare)s. Reason: %(reason)s. %(campaign)s."
    ),
    "notice.interview_changed_prepared": _(
        "Your interview has changed: %(panel)s, number %(number)s, %(when)s, %(place)s; "
        "your time to prepare begins at %(prepare)s. %(campaign)s."
    ),
    "notice.panel_removed": _("A panel on which you sit was removed: %(panel)s, %(when)s, %(place)s. %(campaign)s."),
    "notice.panel_changed": _("Your panel has changed: %(panel)s, %(when)s, %(place)s. %(campaign)s."),
    "notice.application_ended": _("%(position)s was closed, and your application has ended with it. Reason: %(reason)s. %(campaign)s."),
    "notice.position_closed": _("%(position)s was closed; applications that ended with it: %(count)s. Reason: %(reason)s. %(campaign)s."),
    "notice.person_corrected": _("Your name or date of birth was corrected. Please check them. %(campaign)s."),
    "notice.access_reset": _(
        "A new activation code was made for your account. Your earlier code and password no longer work. If you did not ask for it, "
        "tell the HR office. %(campaign)s."
    ),
    "notice.withdrawal_recorded": _("It is recorded that you withdrew your application for %(position)s. %(campaign)s."),
    "notice.candidate_withdrew": _("A candidate withdrew: %(position)s, candidate number %(number)s. %(campaign)s."),
    "notice.seat_changed": _("Your place in the exam has changed: %(name)s, %(when)s, %(place)s, seat %(seat)s. %(campaign)s."),
    "notice.device_released": _("The invigilator released your test for another computer. Reason: %(reason)s. %(campaign)s."),
    "notice.device_release_over": _(
        "The release of your test for another computer no longer holds. Go on at the first one or tell the invigilator. %(campaign)s."
    ),
    "notice.appeal_recorded": _("Your appeal is received (%(list)s). %(campaign)s."),
    "notice.appeal_decided": _("Your appeal is decided (%(list)s): %(outcome)s. %(decision)s %(campaign)s."),
    "notice.appeal_carried_out": _("What came of your accepted appeal (%(list)s): %(done)s. %(how)s %(campaign)s."),
    "accounts.email_malformed": _("This is no mail address. Write it like name@city.example, or leave it empty."),
    "notices.address_kept": _("The mail address is saved."),
    "notices.address_dropped": _("No mail is sent to you any more. Notices stand here."),
    "notices.all_read": _("All notices are marked as read."),
    "notices.queued_again": _("The mail is queued again."),
    "notices.mail_greeting": _("Dear Sir or Madam,"),
    "notices.mail_link": _("You can see it here after signing in: %(address)s"),
    "notices.mail_foot": _("%(site)s sends this by itself; nobody reads answers to it. Your notices also stand in the product."),
    "mail_state.queued": _("waiting"),
    "mail_state.sending": _("leaving now"),
    "mail_state.sent": _("sent"),
    "mail_state.failed": _("given up"),
}
