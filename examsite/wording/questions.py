"""Sentences of the question bank and of blueprints."""

from flask_babel import lazy_gettext as _

SENTENCES = {
    "marking.rule.all_or_nothing": _("It counts only if you choose exactly the right options."),
    "marking.rule.partial": _(
        "Each right option earns an equal share of the points, each wrong one takes as much away, never below 0. Choosing all options "
        "earns nothing. The question counts as right only with full points."
    ),
    "questions.accepted_many": _("At most %(most)s answers can be accepted, and these are %(count)s."),
    "questions.accepted_missing": _("Write at least one accepted answer, one a line."),
    "questions.accepted_twice": _("Two accepted answers are the same. Take one of them out."),
    "questions.alt_missing": _("Say in words what the picture shows, for those who do not see it."),
    "questions.any": _("All"),
    "questions.sort_waiting": _("longest waiting first"),
    "questions.sort_number": _("number of the question"),
    "questions.sort_topic": _("topic"),
    "questions.sort_difficulty": _("difficulty"),
    "questions.sort_author": _("author"),
    "questions.any_in_use": _("All but retired"),
    "questions.approved": _("The question is approved. Papers can draw it from now on."),
    "questions.approved_many": _("%(count)s questions are approved. Papers can draw them from now on."),
    "questions.author_not_on_board": _("%(name)s does not sit on the question board of this campaign, so cannot answer for its questions."),
    "questions.author_unknown": _("There is no account with the sign-in name %(name)s."),
    "questions.blueprint_saved": _("The blueprint was saved. What the bank still lacks stands below."),
    "questions.blueprint_sum": _(
        "The rows add up to %(asked)s questions, and the part has %(questions)s. Change the counts until they agree."
    ),
    "questions.case.False": _("capital letters do not matter"),
    "questions.case.True": _("Capital letters count"),
    "questions.cell_twice": _("The topic %(topic)s stands in two rows. Put its counts into one."),
    "questions.change.accepted": _("Accepted answers"),
    "questions.change.basis": _("Basis"),
    "questions.change.case": _("Capital letters"),
    "questions.change.difficulty": _("Difficulty"),
    "questions.change.images": _("Pictures"),
    "questions.change.key": _("Right option"),
    "questions.change.option": _("Option %(letter)s"),
    "questions.change.options": _("Order of the options"),
    "questions.change.rule": _("How it is marked"),
    "questions.change.stem": _("Question"),
    "questions.change.topic": _("Topic"),
    "questions.count_unreadable": _("A count is a whole number from 0 to %(most)s. Mend the rows that hold something else."),
    "questions.difficulty.easy": _("easy"),
    "questions.difficulty.hard": _("hard"),
    "questions.difficulty.medium": _("medium"),
    "questions.difficulty_given": _("It names no difficulty and is taken as %(difficulty)s."),
    "questions.difficulty_unknown": _("Choose easy, medium or hard."),
    "questions.draft_saved": _("The draft is saved. Nobody reviews it before you hand it over."),
    "questions.dry_run_faults": _("%(count)s places of the file cannot be taken. Nothing was taken."),
    "questions.duplicate_in_bank": _("Question %(number)s of this bank has the same words. It is skipped."),
    "questions.duplicate_in_file": _("Line %(line)s of the file has the same words. It is skipped."),
    "questions.differs_in_bank": _(
        "Question %(number)s of this bank has the same words, but another key or other options. It is not taken. Find out which of the two "
        "is right; where it is this one, write a new version of the question."
    ),
    "questions.differs_in_file": _(
        "Line %(line)s of the file has the same words, but another key or other options. Only that line counts. "
        "Find out which of the two is right."
    ),
    "questions.file_counts": _("%(ready)s can be taken, %(rejected)s cannot, %(known)s are known already."),
    "questions.file_decided": _("This file was taken in or dropped already. Upload it again if you need it."),
    "questions.file_dropped": _("The file was dropped. Nothing of it was taken in."),
    "questions.file_empty": _("The file is empty. Choose another one."),
    "questions.file_has_faults": _(
        "%(count)s places of the file cannot be taken, so nothing was. Mend them, or choose to take the good questions alone."
    ),
    "questions.file_missing": _("Choose a file."),
    "questions.file_read": _("The file was read. Nothing has been taken yet."),
    "questions.foreign_tags": _("These HTML tags cannot be kept: %(tags)s. Take them out, or write simple text."),
    "questions.image_added": _("The picture stands below the question now."),
    "questions.image_removed": _("The picture was taken away from this draft."),
    "questions.images_many": _("A question has at most %(most)s pictures."),
    "questions.item_not_retired": _("This question is in use and was not retired."),
    "questions.item_retired": _("This question is retired. Put it back into the bank before you change it."),
    "questions.kind.essay": _("essay"),
    "questions.kind.multiple_response": _("several options"),
    "questions.kind.numeric": _("number"),
    "questions.kind.short_text": _("short text"),
    "questions.kind.single_choice": _("one option"),
    "questions.kind_not_in_part": _("The rules of this part do not have questions of this kind. Choose another part or another kind."),
    "questions.no_blueprint": _("No blueprint has been set for this part. Set one on the page of blueprints."),
    "questions.no_such_bank": _("The rules of this campaign have no such part or language. Choose one of those they have."),
    "questions.none_ticked": _("No question is ticked. Tick those that you have read and approve."),
    "questions.not_a_draft": _("This version was handed over or decided about in the meantime. Reload the page to see how it stands."),
    "questions.not_in_review": _("Question %(number)s does not wait for review any more. Reload the page to see how it stands."),
    "questions.not_open": _("This version was decided about in the meantime. Reload the page to see how it stands."),
    "questions.not_your_draft": _("This draft belongs to somebody else. Whoever changes a question may not approve it."),
    "questions.note_missing": _("Write in one sentence what has to be changed."),
    "questions.number_grouped": _("“%(typed)s” has signs between thousands. Write the number without them."),
    "questions.number_two_ways": _("“%(typed)s” can be read in two ways. Write %(whole)s or %(fraction)s."),
    "questions.number_unreadable": _("“%(typed)s” is no number. Write digits, with a comma or dot before the decimals."),
    "questions.one_key": _("Mark exactly one option as right."),
    "questions.option_blank": _("An option is blank. Fill it in or take it out."),
    "questions.options_alike": _("Two options say the same. Change one of them."),
    "questions.options_few": _("A question needs at least %(least)s options."),
    "questions.options_many": _("A question has at most %(most)s options, this one has %(count)s."),
    "questions.own_version": _("You wrote this version, so somebody else has to review it."),
    "questions.place_line": _("Line %(line)s"),
    "questions.restored": _("The question is back in the bank."),
    "questions.retired": _("The question is retired. No new paper draws it."),
    "questions.rule_missing": _("Choose how the question is marked."),
    "questions.sent_back": _("The question went back to its author with your note."),
    "questions.several_keys": _("Mark at least %(least)s options as right, and leave at least one that is wrong."),
    "questions.short_cell": _(
        "%(topic)s, %(difficulty)s: a paper needs %(needed)s and the bank has %(have)s approved; %(lacking)s more are needed."
    ),
    "questions.short_part": _(
        "The part needs %(needed)s approved questions, %(multiple)s times the %(questions)s of a paper, and the bank has %(have)s; "
        "%(lacking)s more are needed."
    ),
    "questions.state.approved": _("approved"),
    "questions.state.draft": _("draft"),
    "questions.state.in_review": _("in review"),
    "questions.state.retired": _("retired"),
    "questions.state.returned": _("returned"),
    "questions.state.superseded": _("superseded"),
    "questions.state.withdrawn": _("taken back"),
    "questions.stem_missing": _("Write the question."),
    "questions.submitted": _("The question waits for review by somebody else on the board."),
    "questions.taken": _("%(count)s questions were taken in. They wait for review by somebody else on the board."),
    "questions.template_note_1": _("One question a row. Columns marked with * have to be filled in."),
    "questions.template_note_2": _("The right option is given by its letter, A to F."),
    "questions.template_note_3": _(
        "The difficulty is easy, medium or hard. The basis is the law or the fact that the right answer rests on."
    ),
    "questions.template_note_4": _("Keep the first line as it is: it says which kind of file this is."),
    "questions.tolerance_negative": _("A tolerance is 0 or more."),
    "questions.template_note_5": _(
        "Leave the kind empty for one right option. Where the part has other kinds, write: several options (with the letters of all right "
        "ones, and all or nothing or partial as its marking), short text, number, or essay."
    ),
    "questions.template_note_6": _(
        "Accepted answers of short text and number stand in one cell, parted by |. A number may have its tolerance: 3.14 ± 0.01."
    ),
    "questions.too_long": _("This has %(length)s characters. At most %(longest)s fit."),
    "questions.topic_given": _("It names no topic and is put under %(topic)s."),
    "questions.topic_long": _("A topic has at most %(longest)s characters."),
    "questions.topic_missing": _("Name the topic."),
    "questions.topic_missing_in_row": _("A row has counts but no topic. Name the topic, or clear the row."),
    "questions.typed_html": _("HTML: p, br, b, i, u, sub, sup, lists, tables, code"),
    "questions.typed_plain": _("Simple text: a blank line begins a new paragraph"),
    "questions.version_open": _("A version of this question is being written or reviewed. It has to be decided about first."),
    "questions.withdrawn": _("The version was taken back. It can be written anew."),
}
