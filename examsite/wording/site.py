"""How the site itself is doing, line by line."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "site.about_database": _("Database"),
    "site.about_schema": _("Migrations"),
    "site.about_clock": _("Clock"),
    "site.about_disk_uploads": _("Disk for uploads"),
    "site.about_disk_database": _("Disk of the database"),
    "site.about_mail": _("Mail"),
    "site.about_backup": _("Backup"),
    "site.level_ok": _("in order"),
    "site.level_wait": _("look at it"),
    "site.level_stop": _("must be mended"),
    "site.level_info": _("for information"),
    "site.database": _("%(product)s answers. It takes up %(size)s MB."),
    "site.schema": _("All migrations are applied; the newest is %(newest)s."),
    "site.schema_old": _(
        "Migrations are missing: the database stands at %(present)s, this program needs %(newest)s. Ask the operator to save a "
        "backup and then to run examsite db upgrade."
    ),
    "site.clock": _("The clock fits the newest traces in the database, and nobody has set it since the server was started."),
    "site.clock_set": _(
        "The machine's clock was set by %(seconds)s seconds since the server was started. Exams go on by the server's own. Ask "
        "the operator to look at the time server, and to start the site again when no exam is under way."
    ),
    "site.clock_behind": _(
        "The newest trace in the database is %(seconds)s seconds later than this clock. Let no exam begin before the operator "
        "has looked at the clock."
    ),
    "site.clock_silent": _(
        "No sign of life for %(minutes)s minutes while candidates had time left. If the clock is right, the site was away so "
        "long: those who lead the exam decide on the page of outages."
    ),
    "site.disk_uploads": _("%(free)s GB are free for files that are being read."),
    "site.disk_uploads_little": _(
        "Only %(free)s GB are free for files that are being read. Ask the operator to make room before the exam."
    ),
    "site.disk_database": _("%(free)s GB are free for the database."),
    "site.disk_database_little": _("Only %(free)s GB are free for the database. Ask the operator to make room: a full disk refuses saves."),
    "site.mail": _("Mails that wait: %(waiting)s. Mails that were given up: %(given_up)s."),
    "site.mail_off": _("This site sends no mail. The notices stand in the product all the same."),
    "site.backup": _(
        "The operator makes backups with examsite backup and keeps them elsewhere, where the site cannot see them. Ask when the "
        "last one was made."
    ),
}
