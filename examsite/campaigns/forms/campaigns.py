"""What people type about a campaign."""

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField

from examsite.campaigns.operations.campaigns import CampaignFacts
from examsite.vietnamese import title_sort_key
from examsite.web.forms import SeenForm, at_most, required, typed
from examsite.web.language import zone_title

CONTINENTS = ("Asia/", "Africa/", "America/", "Antarctica/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


class CampaignForm(SeenForm):
    """The facts of a campaign."""

    title = StringField(_("Title"), validators=[required(), at_most(300)])
    code = StringField(_("Code"), validators=[required(), at_most(40)])
    organisation = StringField(_("Organisation that recruits"), validators=[required(), at_most(300)])
    time_zone = SelectField(_("Time zone"), validate_choice=False)

    def offer_zones(self, first: str) -> None:
        """Offer every zone by its title, the usual one of this site first. Of several of one title one is enough; one that stands stays."""
        known = available_timezones()
        standing = [zone for zone in (first, typed(self.time_zone)) if zone in known]
        offered = {zone_title(zone): zone for zone in [*sorted(zone for zone in known if zone.startswith(CONTINENTS)), *standing]}
        titles = sorted(offered, key=lambda title: (title != zone_title(first), title_sort_key(title)))
        self.time_zone.choices = [(offered[title], title) for title in titles]

    @property
    def facts(self) -> CampaignFacts:
        """What was typed."""
        return CampaignFacts(typed(self.code), typed(self.title), typed(self.organisation), typed(self.time_zone))


class NewCampaignForm(CampaignForm):
    """The facts and the rule set; which sets can be chosen is the operation's question."""

    rule_set = RadioField(_("Rule set"), validate_choice=False, validators=[required(_("Choose one of the rule sets."))])
