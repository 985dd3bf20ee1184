"""Switches off each named rule in turn and demands that its tests fail: `python -m tests.mutate`.

A rule whose tests pass without it is untested. `python -m tests.mutate rest` tries only the rules
with "rest" in their name.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAILED = (
    1  # pytest's exit status when tests ran and some failed; any other is a mistake in the table
)


@dataclass(frozen=True)
class Mutation:
    """A rule, what it gives when it is switched off, and the tests that must then fail.

    `function` may be dotted (a method); `result` is an expression in its module's names, with its
    arguments as `args` and `kwargs`; `tests` are paths under tests/ as pytest takes them.
    """

    module: str
    function: str
    result: str
    tests: str


HOURS, LIMITS = "placements/test_hours.py", "placements/test_limits.py"
TOTALS, TURNAROUND = "placements/test_totals.py", "placements/test_turnaround.py"
REQUESTS, PREFERENCES = (
    "placements/test_requests_queries.py",
    "placements/test_preferences_queries.py",
)
UNITS = "people/test_units.py"
REPORTING = "coverage/test_actions_reporting.py"
SENDING = "coverage/test_actions_sending.py"
PATIENTS, MERGING = "core/test_patients.py", "people/test_merging.py"
CHANGING = "people/test_changing.py"
CONFIRMING, LINKS = "placements/test_actions_confirming.py", "placements/test_actions_links.py"
PLACING, ADJUSTING = "placements/test_actions_placing.py", "placements/test_actions_adjusting.py"
MOVING = "placements/test_actions_moving.py"
NEVER_BEGAN = "placements/test_policies_never_began.py"
LOGGING, MAKING_UP = "placements/test_actions_hours.py", "placements/test_actions_making_up.py"
EXAMINATIONS = "logbooks/competencies/test_actions_log.py"
ASKING = "logbooks/competencies/test_actions_asking.py"
SIGNING_OFF = "logbooks/competencies/test_actions_signing.py"
REVOKING = "logbooks/competencies/test_actions_revoking.py"
STAGES = "logbooks/competencies/test_actions_stages.py"
RESULTS = "logbooks/competencies/test_actions_results.py"
VERSIONS, PAPER = (
    "logbooks/competencies/test_actions_versions.py",
    "logbooks/competencies/test_paper.py",
)
SWITCHING = "logbooks/competencies/test_actions_switches.py"
TOKENS = "coverage/test_actions_tokens.py"
REMOTE = "logbooks/competencies/test_actions_remote.py"
SIGNING_LINKS, PINS = (
    "logbooks/competencies/test_actions_links.py",
    "logbooks/competencies/test_actions_pins.py",
)
FILES = "logbooks/competencies/test_actions_evidence_files.py"
BOOKS = "logbooks/competencies/test_book.py"
SHARING = "logbooks/competencies/test_actions_books.py"
COVER, PATTERNS = "placements/test_cover_queries.py", "placements/test_patterns.py"
EVALUATIONS, AUDITS = "placements/test_evaluations.py", "placements/test_audits_queries.py"
MEETINGS = "placements/test_meetings.py"
SIGNING, CONCERNS = "placements/test_actions_meetings.py", "placements/test_actions_concerns.py"
NEEDS = "placements/test_actions_reasonable_adjustments.py"

READY, SHOWN_CHECKS = "placements/test_readiness.py", "placements/test_actions_arriving.py"
RADIATION = "placements/test_actions_radiation.py"
STATEMENTS = "placements/test_actions_statements.py"
INTERRUPTIONS, WHY = "placements/test_interruptions.py", "placements/test_why.py"
TARIFF = "placements/test_tariff.py"
INTERRUPTING = "placements/test_actions_interrupting.py"
TEACHING = "courses/test_actions_teaching.py"
ATTAINING, CLAIMING = "courses/test_actions_attaining.py", "courses/test_actions_claiming.py"
OSCE_MARKS = "logbooks/osces/examined/test_views.py"
STATIONS = "logbooks/osces/stations/test_actions.py"
MARKING = "logbooks/osces/marking/test_views.py"
AMENDING = "logbooks/osces/marking/test_amending.py"
EXAMS = "logbooks/osces/exams/test_actions.py"
OSCE_DAY = "logbooks/osces/day/test_actions.py"
ANNOUNCING = "logbooks/osces/day/test_announcing.py"
RESULTS = "logbooks/osces/results/test_actions.py"
PROFILES = "logbooks/cpd/test_actions_profiles.py"
CPD_ACTIVITIES = "logbooks/cpd/test_actions_activities.py"
CPD_EVIDENCE = "logbooks/cpd/test_actions_evidence.py"
CPD_MEASURING = "logbooks/cpd/test_actions_measuring.py"
CPD_SHARING = "logbooks/cpd/test_actions_sharing.py"
CPD_HELP = "logbooks/cpd/test_actions_help.py"
STANDARDS = "logbooks/osces/results/test_actions.py"
RELEASE = "logbooks/osces/release/test_actions.py"
DRAFTING = "coverage/test_actions_drafting.py"
EXEMPTING = "coverage/test_actions_exempting.py"
EQUATING, SOURCES = "courses/test_actions_equating.py", "courses/test_actions_sources.py"
LEARNING, MODULES = "courses/test_actions_learning.py", "courses/test_actions_modules.py"
SAYING_NEEDS = "courses/test_actions_needs.py"
BOOKING, CONDITIONS = "courses/test_actions_booking.py", "courses/test_conditions.py"
BOOKING_AGAIN = "courses/test_actions_booking_again.py"
ATTENDING, EVALUATING = "courses/test_actions_attending.py", "courses/test_actions_evaluating.py"
OUTCOMES = "courses/test_actions_outcomes.py"
ASSESSING = "logbooks/competencies/test_actions_assessing.py"
RATINGS = "logbooks/competencies/test_assessments.py"

FRAMEWORKS = "logbooks/competencies/test_actions_frameworks.py"

ENTITLING = "people/test_entitling.py"
UNPACKING = "logbooks/cpd/leaving/test_unpacked.py"
BRINGING = "logbooks/cpd/actions/test_bringing.py"
CPD_FILES = "logbooks/cpd/actions/test_importing.py"

MUTATIONS = (
    *(
        Mutation("school.people.entitling", rule, "None", ENTITLING)
        for rule in ("rule_may_entitle", "rule_in_order", "rule_unchanged", "rule_not_twice")
    ),
    *(
        Mutation("logbooks.competencies.actions.switches", rule, "None", SWITCHING)
        for rule in ("rule_may_switch", "rule_some_way_left", "rule_switches_seen")
    ),
    Mutation("logbooks.competencies.actions.books", "rule_own_book", "None", BOOKS),
    Mutation(
        "logbooks.competencies.actions.books", "rule_something_recorded", "Head(0, '')", BOOKS
    ),
    Mutation("logbooks.competencies.actions.books", "rule_nothing_erased", "True", BOOKS),
    Mutation("logbooks.competencies.actions.books", "forget_erased", "None", BOOKS),
    Mutation("logbooks.competencies.book.assessed", "rule_opened", "True", BOOKS),
    Mutation("logbooks.competencies.actions.books", "rule_ends", "None", SHARING),
    Mutation("logbooks.competencies.actions.books", "rule_few_open", "None", SHARING),
    Mutation("logbooks.competencies.actions.books", "rule_still_kept", "None", SHARING),
    Mutation(
        "logbooks.competencies.books_queries", "open_shares", "SharedCopy.objects.all()", SHARING
    ),
    Mutation(
        "logbooks.competencies.actions.assessing",
        "rule_whole",
        "Outcome(True, (), (), (), True)",
        ASSESSING,
    ),
    Mutation("logbooks.competencies.actions.assessing", "rule_feedback", "None", ASSESSING),
    Mutation("logbooks.competencies.actions.assessing", "rule_second_there", "None", ASSESSING),
    Mutation("logbooks.competencies.actions.assessing", "rule_other_person", "None", ASSESSING),
    Mutation("logbooks.competencies.actions.assessing", "rule_waits_for_second", "None", ASSESSING),
    Mutation("logbooks.competencies.actions.assessing", "rule_own_assessment", "None", ASSESSING),
    Mutation("logbooks.competencies.actions.assessing", "rule_opened", "None", ASSESSING),
    Mutation("logbooks.competencies.actions.assessing", "rule_read_once", "None", ASSESSING),
    Mutation("logbooks.competencies.actions.assessing", "_demand_part", "None", ASSESSING),
    Mutation("logbooks.competencies.assessments", "checked", "dict(args[1])", RATINGS),
    Mutation("logbooks.competencies.assessments", "both_passed", "args[0]", RATINGS),
    Mutation(
        "logbooks.competencies.assessments", "whole_fives", "(len(list(args[0])), 5)", RATINGS
    ),
    Mutation("logbooks.competencies.assessing_queries", "opened", "Q(moderates=None)", ASSESSING),
    Mutation("placements.readiness", "accepted_until", "args[1]", READY),
    Mutation("placements.actions.arriving", "rule_not_own_check", "None", SHOWN_CHECKS),
    Mutation("placements.actions.arriving", "rule_check_dates", "None", SHOWN_CHECKS),
    Mutation("placements.actions.arriving", "rule_check_stands", "None", SHOWN_CHECKS),
    Mutation("placements.actions.radiation", "rule_own_declaration", "None", RADIATION),
    Mutation("placements.actions.radiation", "rule_worn", "None", RADIATION),
    Mutation("placements.actions.radiation", "rule_at_site", "None", RADIATION),
    Mutation("placements.actions.radiation", "rule_read_once", "None", RADIATION),
    Mutation("placements.actions.radiation", "rule_not_corrected", "None", RADIATION),
    Mutation("logbooks.competencies.actions.log", "rule_own_log", "None", EXAMINATIONS),
    Mutation("logbooks.competencies.actions.log", "rule_newest", "None", EXAMINATIONS),
    Mutation("logbooks.competencies.actions.log", "rule_same_log_book", "None", EXAMINATIONS),
    Mutation("logbooks.competencies.actions.log", "rule_day", "None", EXAMINATIONS),
    Mutation("logbooks.competencies.actions.log", "rule_operator", "None", EXAMINATIONS),
    Mutation("logbooks.competencies.actions.log", "rule_nobody_told", "None", EXAMINATIONS),
    Mutation("logbooks.competencies.actions.log", "rule_touched", "None", EXAMINATIONS),
    Mutation("logbooks.competencies.actions.log", "rule_another_patient", "None", EXAMINATIONS),
    Mutation("logbooks.competencies.actions.log", "rule_tracer", "None", EXAMINATIONS),
    Mutation("logbooks.competencies.actions.evidence_files", "rule_not_taken_back", "None", FILES),
    Mutation("logbooks.competencies.actions.evidence_files", "rule_few", "None", FILES),
    Mutation("logbooks.competencies.actions.asking", "rule_room", "ALLOWED", FILES),
    Mutation("logbooks.competencies.actions.evidence_files", "rule_still_there", "None", FILES),
    Mutation("logbooks.competencies.actions.asking", "rule_own_log_book", "None", ASKING),
    Mutation("logbooks.competencies.actions.asking", "rule_some_way", "None", ASKING),
    Mutation("logbooks.competencies.actions.asking", "rule_can_be_asked", "None", ASKING),
    Mutation("logbooks.competencies.actions.asking", "rule_open", "ALLOWED", ASKING),
    Mutation("logbooks.competencies.actions.asking", "rule_own_evidence", "ALLOWED", ASKING),
    Mutation("logbooks.competencies.actions.asking", "rule_students_own_asking", "None", ASKING),
    Mutation("logbooks.competencies.actions.asking", "rule_still_waits", "None", ASKING),
    Mutation("logbooks.competencies.actions.log", "ask_again", "[]", ASKING),
    Mutation("logbooks.competencies.signing_rules", "rule_words", "None", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_not_own", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_as_shown", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_asked_of", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_capacity", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_way_allowed", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_in_framework", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_applies", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_seen_day", "ALLOWED", SIGNING_OFF),
    Mutation(
        "logbooks.competencies.signing_rules", "rule_not_before_evidence", "ALLOWED", SIGNING_OFF
    ),
    Mutation("logbooks.competencies.signing_rules", "rule_level", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_not_taken_back", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.signing_rules", "rule_assessor_apart", "ALLOWED", SIGNING_OFF),
    Mutation("logbooks.competencies.actions.links", "rule_usable", "None", SIGNING_LINKS),
    Mutation("logbooks.competencies.actions.links", "rule_still_here", "None", REMOTE),
    Mutation("logbooks.competencies.actions.links", "rule_something_waits", "None", SIGNING_LINKS),
    Mutation("logbooks.competencies.actions.links", "rule_codes_left_here", "None", REMOTE),
    Mutation("logbooks.competencies.actions.links", "rule_theirs", "None", REMOTE),
    Mutation("logbooks.competencies.actions.links", "rule_vouched_for", "None", SIGNING_LINKS),
    Mutation("logbooks.competencies.actions.links", "rule_not_the_students", "None", SIGNING_LINKS),
    Mutation("logbooks.competencies.actions.links", "rule_asked_here", "None", SIGNING_LINKS),
    Mutation("logbooks.competencies.actions.links", "about", "''", REMOTE),
    Mutation("logbooks.competencies.actions.links", "signed_before", "False", REMOTE),
    Mutation("logbooks.competencies.actions.links", "rule_unchanged", "None", REMOTE),
    Mutation("logbooks.competencies.actions.pins", "rule_signs", "None", PINS),
    Mutation("logbooks.competencies.actions.pins", "rule_not_guessable", "None", PINS),
    Mutation("logbooks.competencies.actions.pins", "rule_usable", "args[0]", PINS),
    Mutation("logbooks.competencies.actions.pins", "rule_right", "None", PINS),
    Mutation("logbooks.competencies.actions.remote", "_demand_way", "None", REMOTE),
    Mutation("school.people.link_codes", "spend", "None", REMOTE),
    Mutation("logbooks.competencies.actions.revoking", "rule_may_revoke", "None", REVOKING),
    Mutation("logbooks.competencies.actions.revoking", "rule_may_excuse", "None", REVOKING),
    Mutation("logbooks.competencies.actions.revoking", "rule_reason", "None", REVOKING),
    Mutation("logbooks.competencies.actions.revoking", "rule_revoked_day", "None", REVOKING),
    Mutation("logbooks.competencies.actions.revoking", "rule_stands", "None", REVOKING),
    Mutation("logbooks.competencies.actions.revoking", "rule_asked_of", "None", REVOKING),
    Mutation("logbooks.competencies.actions.revoking", "rule_changes", "None", REVOKING),
    Mutation("logbooks.competencies.stage_rules", "rule_hours", "ALLOWED", STAGES),
    Mutation("logbooks.competencies.stage_rules", "rule_inducted", "ALLOWED", STAGES),
    Mutation("logbooks.competencies.stage_rules", "rule_assessed", "ALLOWED", STAGES),
    Mutation("logbooks.competencies.stage_rules", "rule_shown_elsewhere", "ALLOWED", STAGES),
    Mutation("logbooks.competencies.stage_rules", "rule_final_assessor", "ALLOWED", STAGES),
    Mutation("logbooks.competencies.stage_rules", "rule_everything_stands", "ALLOWED", STAGES),
    Mutation("logbooks.competencies.stage_rules", "rule_as_shown", "None", STAGES),
    Mutation("logbooks.competencies.stage_rules", "rule_not_signed_yet", "None", STAGES),
    Mutation("logbooks.competencies.stage_rules", "rule_newest", "None", STAGES),
    Mutation("logbooks.competencies.stage_rules", "rule_task_elsewhere", "None", RESULTS),
    Mutation("logbooks.competencies.stage_rules", "rule_result_day", "None", RESULTS),
    Mutation("logbooks.competencies.stage_rules", "rule_corrected_with_reason", "None", RESULTS),
    Mutation("logbooks.competencies.actions.results", "rule_may_record", "None", RESULTS),
    Mutation("logbooks.competencies.actions.results", "rule_document", "None", RESULTS),
    Mutation("logbooks.competencies.actions.results", "rule_follows_newest", "None", RESULTS),
    Mutation("logbooks.competencies.actions.results", "rule_taken_back_once", "None", RESULTS),
    Mutation("logbooks.competencies.actions.versions", "rule_may_move", "None", VERSIONS),
    Mutation("logbooks.competencies.actions.versions", "rule_same_framework", "None", VERSIONS),
    Mutation("logbooks.competencies.actions.versions", "rule_other_version", "None", VERSIONS),
    Mutation("logbooks.competencies.paper", "rule_paper_day", "''", PAPER),
    Mutation("logbooks.competencies.paper", "rule_paper_level", "''", PAPER),
    Mutation("logbooks.competencies.paper", "rule_sighted_by_another", "''", PAPER),
    Mutation("logbooks.competencies.paper", "rule_paper_replaces_paper_only", "''", PAPER),
    Mutation("logbooks.competencies.ranges", "counts", "0", "logbooks/competencies/test_ranges.py"),
    Mutation(
        "logbooks.competencies.pace", "rule_lags", "False", "logbooks/competencies/test_pace.py"
    ),
    Mutation(
        "logbooks.competencies.sites_queries",
        "rule_not_met",
        "False",
        "logbooks/competencies/test_sites_queries.py",
    ),
    Mutation("placements.actions.hours", "rule_own_record", "None", LOGGING),
    Mutation("placements.actions.hours", "rule_begun", "None", NEVER_BEGAN),
    Mutation("placements.actions.hours", "rule_within_placement", "None", LOGGING),
    Mutation("placements.actions.hours", "rule_own_day_note", "None", LOGGING),
    Mutation("placements.actions.making_up", "rule_is_make_up", "None", MAKING_UP),
    Mutation("placements.actions.making_up", "rule_to_come", "None", MAKING_UP),
    Mutation("placements.actions.making_up", "made_up_minutes", "0", MAKING_UP),
    Mutation("placements.problems", "rule_dates", "None", PLACING),
    Mutation("placements.problems", "rule_capacity", "None", PLACING),
    Mutation("placements.problems", "rule_one_place_at_a_time", "None", PLACING),
    Mutation("placements.problems", "rule_not_interrupted", "None", INTERRUPTING),
    Mutation("placements.problems", "rule_audited", "None", PLACING),
    Mutation("placements.actions.placing", "rule_same_placement", "None", PLACING),
    Mutation("placements.actions.placing", "rule_no_problems", "None", PLACING),
    Mutation("placements.actions.placing", "rule_same_first_day", "None", PLACING),
    Mutation("placements.actions.placing", "rule_assessor_apart", "False", PLACING),
    Mutation("placements.actions.placing", "rule_active", "None", MOVING),
    Mutation("placements.actions.moving", "rule_not_moved", "None", MOVING),
    Mutation("placements.actions.moving", "rule_other_site", "None", MOVING),
    Mutation("placements.actions.moving", "rule_day_before_end", "None", MOVING),
    Mutation("placements.actions.moving", "rule_worked_before", "None", MOVING),
    Mutation("placements.actions.moving", "rule_swappable", "None", MOVING),
    Mutation("placements.actions.moving", "rule_same_swap", "None", MOVING),
    Mutation("placements.actions.arranging", "rule_offer", "None", PLACING),
    Mutation("placements.actions.arranging", "rule_places_kept", "None", PLACING),
    Mutation("placements.actions.requesting", "rule_request", "None", REQUESTS),
    Mutation("placements.actions.requesting", "rule_waits", "None", REQUESTS),
    Mutation("placements.actions.requesting", "rule_no_more_than_asked", "None", REQUESTS),
    Mutation("placements.actions.preferring", "rule_own_preferences", "None", PREFERENCES),
    Mutation("placements.actions.preferring", "rule_each_site_once", "None", PREFERENCES),
    Mutation("placements.actions.preferring", "rule_still_to_place", "None", PREFERENCES),
    Mutation("school.people.units", "rule_stay_in_order", "None", UNITS),
    Mutation("school.people.scanners", "rule_is_mobile", "None", UNITS),
    Mutation("school.core.rows", "rule_same_row", "None", "core/test_rows.py"),
    Mutation("school.core.rows", "rule_same_parts", "None", "courses/test_actions_modules.py"),
    Mutation("placements.actions.adjusting", "rule_not_own_adjustment", "None", ADJUSTING),
    Mutation("placements.actions.adjusting", "rule_second_person", "None", ADJUSTING),
    Mutation("placements.actions.adjusting", "rule_not_below_nothing", "None", ADJUSTING),
    Mutation("placements.actions.cover", "rule_own_cover", "None", COVER),
    Mutation("placements.actions.cover", "rule_cover_days", "None", COVER),
    Mutation("placements.actions.cover", "rule_stand_in", "None", COVER),
    Mutation("placements.actions.cover", "rule_one_at_a_time", "None", COVER),
    Mutation("placements.actions.patterns", "rule_pattern", "None", PATTERNS),
    Mutation("placements.actions.patterns", "rule_name_once", "None", PATTERNS),
    Mutation("placements.evaluations", "rule_five_students", "True", EVALUATIONS),
    Mutation("placements.actions.evaluations", "rule_own_placement", "None", EVALUATIONS),
    Mutation("placements.actions.evaluations", "rule_over", "None", EVALUATIONS),
    Mutation("placements.actions.evaluations", "rule_still_changeable", "None", EVALUATIONS),
    Mutation("placements.actions.evaluations", "rule_every_priority", "None", EVALUATIONS),
    Mutation(
        "placements.actions.paper", "rule_replaces", "None", "placements/test_sheet_queries.py"
    ),
    Mutation("placements.actions.audits", "rule_due", "None", AUDITS),
    Mutation("placements.actions.audits", "rule_not_done", "None", AUDITS),
    Mutation("placements.actions.audits", "rule_done_day", "None", AUDITS),
    Mutation("placements.actions.statements", "rule_may_certify", "None", STATEMENTS),
    Mutation("placements.actions.placing", "rule_same_induction_day", "None", PLACING),
    Mutation("placements.actions.placing", "rule_induction_day", "None", PLACING),
    Mutation(
        "placements.actions.statements",
        "rule_something_recorded",
        "queries.head_of(args[0].book)",
        STATEMENTS,
    ),
    Mutation("placements.actions.statements", "rule_still_stands", "None", STATEMENTS),
    Mutation("placements.hours", "rule_whole_minutes", "None", HOURS),
    Mutation("placements.hours", "rule_end_after_start", "None", HOURS),
    Mutation("placements.hours", "rule_longest", "None", HOURS),
    Mutation("placements.hours", "rule_break_fits", "None", HOURS),
    Mutation("placements.hours", "rule_overlap", "None", HOURS),
    Mutation("placements.hours", "rule_started", "None", HOURS),
    Mutation("placements.hours", "rule_end_near", "None", HOURS),
    Mutation("placements.hours", "rule_ended", "None", HOURS),
    Mutation("placements.limits", "rule_week_notice", "[]", LIMITS),
    Mutation("placements.limits", "rule_week_breach", "[]", LIMITS),
    Mutation("placements.limits", "rule_rest", "[]", LIMITS),
    Mutation("placements.limits", "rule_long_days", "[]", LIMITS),
    Mutation("placements.limits", "rule_breach_ahead", "ALLOWED", LIMITS),
    Mutation("placements.limits", "rule_self_make_up", "None", LIMITS),
    Mutation("placements.limits", "rule_absence_late", "False", LIMITS),
    Mutation(
        "placements.totals",
        "rule_apart",
        "Totals(clinical=Parts(**{args[0].state.value: args[0].minutes}))",
        TOTALS,
    ),
    Mutation("placements.totals", "rule_paper_apart", "Totals(brought_forward=args[0])", TOTALS),
    Mutation(
        "placements.totals",
        "rule_site_cancelled",
        "Totals(absent=args[0].expected_minutes)",
        TOTALS,
    ),
    Mutation("placements.totals", "rule_behind", "0", TOTALS),
    Mutation("placements.turnaround", "rule_late", "False", TURNAROUND),
    Mutation("placements.turnaround", "rule_enough", "True", TURNAROUND),
    Mutation("placements.limits", "is_night", "False", LIMITS),
    Mutation(
        "school.core.workingdays", "_bank_holidays", "frozenset()", "core/test_workingdays.py"
    ),
    Mutation("school.core.days", "is_possible", "True", "core/test_days.py"),
    Mutation("school.core.patients", "is_nhs_number", "True", PATIENTS),
    Mutation("school.people.changing", "rule_corrects_others", "None", CHANGING),
    Mutation("school.people.changing", "rule_own_link", "None", CHANGING),
    Mutation("school.people.merging", "rule_network_administrator", "None", MERGING),
    Mutation("school.people.merging", "rule_not_oneself", "None", MERGING),
    Mutation("school.people.merging", "rule_separate", "None", MERGING),
    Mutation("school.people.merging", "rule_one_account", "None", MERGING),
    Mutation("school.people.digests", "rule_quiet_has_both", "None", "people/test_digests.py"),
    Mutation("school.core.patients", "visible", "(args[0], range(len(args[0])))", PATIENTS),
    Mutation("school.core.patients", "rule_in_row", "[]", PATIENTS),
    Mutation("school.core.patients", "rule_three_three_four", "[]", PATIENTS),
    Mutation("school.core.patients", "rule_named", "[]", PATIENTS),
    Mutation("school.core.patients", "rule_other_grouping", "[]", PATIENTS),
    Mutation("school.core.pdfs", "rule_no_script", "None", "core/test_evidence.py"),
    Mutation("school.core.pdfs", "rule_no_file", "None", "core/test_evidence.py"),
    Mutation(
        "school.core.free_text",
        "rule_no_nhs_number",
        "None",
        "logbooks/competencies/test_actions_no_nhs_number.py",
    ),
    Mutation("school.core.free_text", "rule_birth", "[]", "core/test_free_text.py"),
    Mutation("school.core.free_text", "rule_hospital_number", "[]", "core/test_free_text.py"),
    Mutation("school.core.free_text", "rule_name", "[]", "core/test_free_text.py"),
    Mutation("placements.policies", "rule_not_own", "ALLOWED", CONFIRMING),
    Mutation("placements.actions.confirming", "rule_still_waits", "ALLOWED", CONFIRMING),
    Mutation("placements.actions.confirming", "rule_supervises", "ALLOWED", CONFIRMING),
    Mutation("placements.actions.confirming", "rule_way_allowed", "ALLOWED", CONFIRMING),
    Mutation("placements.actions.confirming", "rule_induction_first", "ALLOWED", CONFIRMING),
    Mutation("placements.actions.confirming", "rule_breach_seen", "ALLOWED", CONFIRMING),
    Mutation("placements.actions.confirming", "rule_own_decision", "None", CONFIRMING),
    Mutation("placements.actions.confirming", "rule_undo_in_time", "None", CONFIRMING),
    Mutation("placements.actions.confirming", "rule_not_moved_meanwhile", "None", MOVING),
    Mutation("placements.actions.links", "rule_may_ask", "None", LINKS),
    Mutation("placements.actions.links", "rule_link_switched_on", "None", LINKS),
    Mutation("placements.actions.links", "rule_plain_address", "None", LINKS),
    Mutation("placements.actions.links", "rule_domain_listed", "None", LINKS),
    Mutation("placements.actions.links", "rule_not_own_address", "None", LINKS),
    Mutation("placements.actions.links", "rule_still_here", "None", LINKS),
    Mutation("placements.actions.links", "rule_still_waiting", "None", LINKS),
    Mutation("placements.actions.links", "rule_same_asker", "args[0]", LINKS),
    Mutation("school.people.link_codes", "rule_not_run_out", "None", LINKS),
    Mutation("school.people.link_codes", "rule_not_failed", "None", LINKS),
    Mutation("placements.actions.links", "rule_something_waits", "None", LINKS),
    Mutation("school.people.link_codes", "rule_code_pause", "None", LINKS),
    Mutation("school.people.link_codes", "rule_codes_left", "ALLOWED", LINKS),
    Mutation("school.people.link_codes", "rule_code_usable", "None", LINKS),
    Mutation("school.people.link_codes", "rule_code_right", "None", LINKS),
    Mutation("placements.actions.links", "rule_named_in_link", "None", LINKS),
    Mutation("placements.meetings", "rule_has_part", "ALLOWED", MEETINGS),
    Mutation("placements.meetings", "rule_day", "ALLOWED", MEETINGS),
    Mutation("placements.actions.meetings", "rule_first_of_kind", "None", SIGNING),
    Mutation("placements.actions.meetings", "rule_newest", "None", SIGNING),
    Mutation("placements.actions.meetings", "rule_signs_once", "None", SIGNING),
    Mutation("placements.actions.meetings", "rule_side_unsigned", "None", SIGNING),
    Mutation("placements.actions.concerns", "rule_may_raise", "None", CONCERNS),
    Mutation("placements.actions.concerns", "rule_may_be_named", "None", CONCERNS),
    Mutation("placements.actions.concerns", "rule_somebody_reads", "None", CONCERNS),
    Mutation("placements.actions.concerns", "rule_reads", "None", CONCERNS),
    Mutation("placements.actions.concerns", "rule_names_readers", "None", CONCERNS),
    Mutation("placements.actions.concerns", "rule_not_own_to_close", "None", CONCERNS),
    Mutation("placements.actions.concerns", "rule_open", "None", CONCERNS),
    Mutation("placements.actions.concerns", "rule_not_named_yet", "None", CONCERNS),
    Mutation("placements.actions.reasonable_adjustments", "rule_own_needs", "None", NEEDS),
    Mutation("placements.actions.reasonable_adjustments", "rule_need_stands", "None", NEEDS),
    Mutation("placements.interruptions", "rule_not_expected", "None", INTERRUPTIONS),
    Mutation("placements.why", "rule_not_started", "False", WHY),
    Mutation("placements.why", "rule_waits_long", "0", WHY),
    Mutation("placements.why", "rule_short_rota", "0", WHY),
    Mutation("placements.tariff", "rule_begun", "''", TARIFF),
    Mutation("placements.tariff", "rule_trust", "''", TARIFF),
    Mutation("placements.tariff", "rule_audited", "''", TARIFF),
    Mutation("placements.tariff", "rule_supported", "''", TARIFF),
    Mutation("placements.tariff", "rule_long_enough", "''", TARIFF),
    Mutation("placements.actions.interrupting", "rule_not_own_studies", "None", INTERRUPTING),
    Mutation("placements.actions.interrupting", "rule_within_enrolment", "None", INTERRUPTING),
    Mutation("placements.actions.interrupting", "rule_not_interrupted_yet", "None", INTERRUPTING),
    Mutation("placements.actions.interrupting", "rule_still_stands", "None", INTERRUPTING),
    # Courses and events
    Mutation("school.courses.actions.attending", "rule_not_own", "None", OUTCOMES),
    Mutation("school.courses.actions.attending", "rule_register_open", "None", OUTCOMES),
    Mutation("school.courses.actions.attending", "rule_was_held", "None", ATTENDING),
    Mutation("school.courses.actions.attending", "rule_session_begun", "None", ATTENDING),
    Mutation("school.courses.actions.attending", "rule_session_not_over", "None", ATTENDING),
    Mutation("school.courses.actions.attending", "rule_code_fresh", "None", ATTENDING),
    Mutation("school.courses.actions.attending", "rule_has_place", "args[0]", ATTENDING),
    Mutation("school.courses.actions.attending", "rule_all_have_place", "None", ATTENDING),
    Mutation("school.courses.actions.attending", "rule_pressed_in_time", "None", ATTENDING),
    Mutation("school.courses.actions.attending", "rule_not_taken_off", "None", OUTCOMES),
    Mutation("school.courses.actions.attending", "rule_says_otherwise", "None", OUTCOMES),
    Mutation("school.courses.actions.attending", "rule_reason", "None", OUTCOMES),
    Mutation("school.courses.actions.attending", "rule_event_begun", "None", OUTCOMES),
    Mutation("school.courses.actions.attending", "rule_something_missed", "None", OUTCOMES),
    Mutation("school.courses.actions.attending", "rule_over", "None", OUTCOMES),
    Mutation(
        "school.courses.actions.attending", "rule_own_ticket", "read_ticket(args[2])", ATTENDING
    ),
    Mutation("school.courses.actions.evaluating", "rule_own_evaluation", "None", EVALUATING),
    Mutation("school.courses.actions.evaluating", "rule_was_there", "None", EVALUATING),
    Mutation("school.courses.actions.evaluating", "rule_within_four_weeks", "None", EVALUATING),
    Mutation("school.courses.actions.evaluating", "rule_once", "None", EVALUATING),
    Mutation("school.courses.actions.evaluating", "rule_every_question", "None", EVALUATING),
    Mutation("school.courses.actions.teaching", "rule_nobody_there", "None", ATTENDING),
    Mutation("school.courses.actions.attaining", "rule_may_judge", "None", ATTAINING),
    Mutation("school.courses.actions.attaining", "rule_keeps_records", "None", ATTAINING),
    Mutation("school.courses.actions.attaining", "rule_reason", "args[0].strip()", ATTAINING),
    Mutation("school.courses.actions.claiming", "rule_days", "None", CLAIMING),
    Mutation("school.courses.actions.claiming", "rule_taught", "None", CLAIMING),
    Mutation("school.coverage.actions.exempting", "rule_may_exempt", "None", EXEMPTING),
    Mutation("school.coverage.actions.exempting", "rule_has_a_reason", "None", EXEMPTING),
    Mutation("school.coverage.actions.exempting", "rule_in_order", "None", EXEMPTING),
    Mutation("school.coverage.actions.exempting", "rule_not_exempt_already", "None", EXEMPTING),
    Mutation("school.coverage.actions.exempting", "rule_earlier", "None", EXEMPTING),
    Mutation("school.coverage.actions.exempting", "rule_still_stands", "None", EXEMPTING),
    *(
        Mutation("logbooks.cpd.actions.activities", rule, "None", CPD_ACTIVITIES)
        for rule in ("rule_own", "rule_entered", "rule_unchanged", "rule_same_sent_again")
    ),
    Mutation("logbooks.cpd.actions.activities", "rule_still_noticed", "[]", CPD_ACTIVITIES),
    Mutation("logbooks.cpd.actions.noticed", "rule_not_kept", "None", CPD_ACTIVITIES),
    Mutation("logbooks.cpd.actions.evidence", "rule_few", "None", CPD_EVIDENCE),
    Mutation("logbooks.cpd.actions.evidence", "rule_same_file", "None", CPD_EVIDENCE),
    Mutation("logbooks.cpd.actions.measuring", "rule_own_gap", "None", CPD_MEASURING),
    Mutation("logbooks.cpd.actions.measuring", "rule_registration", "None", CPD_MEASURING),
    *(
        Mutation("logbooks.cpd.actions.sharing", rule, "None", CPD_SHARING)
        for rule in (
            "rule_own_thing",
            "rule_line_manager",
            "rule_days",
            "rule_same_share",
            "rule_own_share",
        )
    ),
    Mutation("logbooks.cpd.actions.help", "rule_own_question", "None", CPD_HELP),
    Mutation("logbooks.cpd.actions.help", "rule_may_see_to", "None", CPD_HELP),
    Mutation("logbooks.cpd.actions.profiles", "rule_own_activities", "None", PROFILES),
    Mutation("logbooks.cpd.actions.profiles", "rule_seen", "None", PROFILES),
    Mutation("logbooks.cpd.actions.profiles", "rule_writable", "None", PROFILES),
    Mutation("logbooks.cpd.actions.profiles", "rule_not_too_many", "None", PROFILES),
    Mutation("logbooks.cpd.actions.profiles", "rule_own_profile", "None", PROFILES),
    Mutation("logbooks.cpd.actions.profiles", "rule_nothing_stops", "None", PROFILES),
    Mutation("logbooks.cpd.actions.profiles", "rule_as_shown", "None", PROFILES),
    Mutation("logbooks.osces.stations.actions", "rule_runs_osces", "None", STATIONS),
    Mutation("logbooks.osces.stations.actions", "rule_being_written", "None", STATIONS),
    Mutation("logbooks.osces.stations.actions", "rule_in_review", "None", STATIONS),
    Mutation("logbooks.osces.stations.actions", "rule_seen", "None", STATIONS),
    Mutation("logbooks.osces.stations.actions", "rule_no_problem", "None", STATIONS),
    Mutation("logbooks.osces.stations.actions", "rule_says_something_new", "None", STATIONS),
    Mutation("logbooks.osces.stations.actions", "rule_second_person", "None", STATIONS),
    Mutation("logbooks.osces.exams.actions", "rule_being_written", "None", EXAMS),
    Mutation("logbooks.osces.exams.actions", "rule_not_frozen", "None", EXAMS),
    Mutation("logbooks.osces.exams.actions", "rule_in_review", "None", EXAMS),
    Mutation("logbooks.osces.exams.actions", "rule_seen", "None", EXAMS),
    Mutation("logbooks.osces.exams.actions", "rule_no_problem", "None", EXAMS),
    Mutation("logbooks.osces.exams.actions", "rule_second_person", "None", EXAMS),
    Mutation("logbooks.osces.marking.actions", "rule_finished", "None", MARKING),
    Mutation("logbooks.osces.marking.actions", "rule_nothing_missing", "None", MARKING),
    Mutation("logbooks.osces.marking.actions", "rule_not_closed", "None", MARKING),
    Mutation("logbooks.osces.marking.actions", "rule_none_refused", "None", MARKING),
    Mutation("logbooks.osces.marking.actions", "rule_number_is_new", "None", MARKING),
    Mutation("logbooks.osces.marking.sending", "rule_no_other_device_has_marks", "None", MARKING),
    Mutation("logbooks.osces.marking.amending", "rule_may_ask", "None", AMENDING),
    Mutation("logbooks.osces.marking.amending", "rule_whole", "None", AMENDING),
    Mutation("logbooks.osces.marking.amending", "rule_stands", "None", AMENDING),
    Mutation("logbooks.osces.marking.amending", "rule_says_otherwise", "None", AMENDING),
    Mutation("logbooks.osces.marking.amending", "rule_none_waits", "None", AMENDING),
    Mutation("logbooks.osces.marking.amending", "rule_second_person", "None", AMENDING),
    Mutation("logbooks.osces.marking.amending", "rule_unanswered", "None", AMENDING),
    Mutation("logbooks.osces.day.actions", "rule_frozen", "None", OSCE_DAY),
    Mutation("logbooks.osces.day.actions", "rule_possible_needs", "None", OSCE_DAY),
    Mutation("logbooks.osces.day.actions", "rule_not_marked", "None", OSCE_DAY),
    Mutation("logbooks.osces.day.actions", "rule_plan_seen", "None", OSCE_DAY),
    Mutation("logbooks.osces.day.actions", "rule_may_declare", "None", OSCE_DAY),
    Mutation("logbooks.osces.day.actions", "rule_of_this_exam", "None", OSCE_DAY),
    Mutation("logbooks.osces.day.announcing", "rule_no_problem", "None", ANNOUNCING),
    Mutation("logbooks.osces.day.announcing", "rule_not_begun", "None", ANNOUNCING),
    Mutation("logbooks.osces.day.announcing", "rule_keeps_every_promise", "None", ANNOUNCING),
    Mutation("logbooks.osces.day.announcing", "rule_as_asked", "None", ANNOUNCING),
    Mutation("logbooks.osces.day.announcing", "rule_seen", "None", ANNOUNCING),
    Mutation("logbooks.osces.day.announcing", "rule_makes_sense", "None", ANNOUNCING),
    Mutation("logbooks.osces.day.announcing", "rule_changes_something", "None", ANNOUNCING),
    Mutation("logbooks.osces.day.announcing", "rule_not_marked_there", "None", ANNOUNCING),
    Mutation("logbooks.osces.day.announcing", "rule_fresh", "None", ANNOUNCING),
    Mutation("logbooks.osces.day.announcing", "rule_nothing_begun", "None", ANNOUNCING),
    Mutation("logbooks.osces.results.actions", "rule_explained", "None", STANDARDS),
    Mutation("logbooks.osces.results.actions", "rule_has_result", "None", STANDARDS),
    Mutation("logbooks.osces.results.actions", "rule_as_shown", "None", STANDARDS),
    Mutation("logbooks.osces.results.actions", "rule_decides_anew", "None", STANDARDS),
    Mutation("logbooks.osces.results.actions", "rule_judges", "None", STANDARDS),
    Mutation("logbooks.osces.results.actions", "rule_every_item", "None", STANDARDS),
    Mutation("logbooks.osces.examined.kept", "rule_not_too_many", "None", OSCE_MARKS),
    Mutation("logbooks.osces.examined.kept", "rule_grade_is_there", "None", OSCE_MARKS),
    Mutation("logbooks.osces.release.actions", "rule_standard_stands", "None", RELEASE),
    Mutation("logbooks.osces.release.actions", "rule_released_once", "None", RELEASE),
    Mutation("logbooks.osces.release.actions", "rule_second_person", "None", RELEASE),
    Mutation("logbooks.osces.release.actions", "rule_rests_on_marks", "None", RELEASE),
    Mutation("logbooks.osces.release.actions", "rule_own", "None", RELEASE),
    Mutation("logbooks.osces.release.actions", "rule_outcome_stands", "None", RELEASE),
    Mutation("logbooks.osces.release.actions", "rule_appealed_once", "None", RELEASE),
    Mutation("logbooks.osces.release.actions", "rule_answered_once", "None", RELEASE),
    Mutation("logbooks.osces.release.actions", "rule_answered_by_another", "None", RELEASE),
    Mutation("school.coverage.actions.drafting", "rule_may_ask", "None", DRAFTING),
    Mutation("school.coverage.actions.drafting", "rule_in_order", "None", DRAFTING),
    Mutation("school.coverage.actions.drafting", "rule_fixed_has_a_day", "None", DRAFTING),
    Mutation("school.coverage.actions.drafting", "rule_one_name", "None", DRAFTING),
    Mutation("school.coverage.actions.drafting", "rule_decided", "None", DRAFTING),
    Mutation("school.coverage.actions.drafting", "rule_courses", "[]", DRAFTING),
    Mutation("school.coverage.actions.drafting", "rule_as_seen", "None", DRAFTING),
    Mutation("school.coverage.actions.drafting", "rule_says_something_new", "None", DRAFTING),
    Mutation("school.courses.actions.equating", "rule_two_courses", "None", EQUATING),
    Mutation("school.courses.actions.equating", "rule_in_order", "None", EQUATING),
    Mutation("school.courses.actions.equating", "rule_still_stands", "None", EQUATING),
    Mutation("school.courses.actions.sources", "rule_may_map", "None", SOURCES),
    Mutation("school.courses.actions.sources", "rule_each_heading_once", "None", SOURCES),
    Mutation("school.courses.conditions", "rule_event_is_open", "None", CONDITIONS),
    Mutation("school.courses.conditions", "rule_within_window", "None", CONDITIONS),
    Mutation("school.courses.conditions", "rule_no_other_booking", "None", CONDITIONS),
    Mutation("school.courses.conditions", "rule_prerequisites", "None", CONDITIONS),
    Mutation("school.courses.conditions", "rule_no_clash", "None", CONDITIONS),
    Mutation("school.courses.actions.needs", "rule_own_needs", "None", SAYING_NEEDS),
    Mutation("school.courses.actions.needs", "rule_still_of_use", "None", SAYING_NEEDS),
    Mutation(
        "school.courses.actions.learning",
        "rule_published",
        "registries.lessons([args[0].pk]).get(args[0].pk) or Lessons('', ())",
        LEARNING,
    ),
    Mutation("school.courses.actions.learning", "rule_may_attain", "None", LEARNING),
    Mutation("school.courses.actions.learning", "rule_still_taught", "None", LEARNING),
    Mutation("school.courses.actions.learning", "rule_may_read", "None", LEARNING),
    Mutation("school.courses.actions.learning", "rule_part_of_module", "None", LEARNING),
    Mutation("school.courses.actions.learning", "rule_first_attained", "None", LEARNING),
    Mutation("school.courses.actions.learning", "rule_parts_done", "None", LEARNING),
    Mutation("school.courses.actions.learning", "rule_attempts_left", "None", LEARNING),
    Mutation("school.courses.actions.learning", "rule_bank_is_full", "None", LEARNING),
    Mutation(
        "school.courses.actions.learning",
        "rule_not_sent_before",
        "None",
        "courses/test_views_modules.py",
    ),
    Mutation("school.courses.actions.learning", "rule_same_paper", "None", LEARNING),
    Mutation("school.courses.actions.learning", "rule_all_answered", "None", LEARNING),
    Mutation("school.courses.actions.modules", "rule_one_module", "None", MODULES),
    Mutation("school.courses.actions.modules", "rule_answers", "None", MODULES),
    Mutation(
        "school.courses.actions.learning",
        "rule_open",
        "learning.progress_in(args[2], args[1], args[3])",
        LEARNING,
    ),
    Mutation("school.courses.actions.booking", "rule_may_book_for", "None", BOOKING),
    Mutation("school.courses.actions.booking", "rule_can_come", "None", BOOKING_AGAIN),
    Mutation("school.courses.actions.booking", "rule_place_there", "None", BOOKING_AGAIN),
    Mutation("school.courses.actions.booking", "rule_same_step", "None", BOOKING_AGAIN),
    Mutation("school.courses.actions.booking", "rule_answers_for", "None", BOOKING),
    Mutation("school.courses.actions.booking", "rule_own_booking", "None", BOOKING),
    Mutation("school.courses.actions.booking", "rule_may_give_up", "None", BOOKING),
    Mutation("school.courses.actions.booking", "rule_held", "None", BOOKING),
    Mutation("school.courses.actions.booking", "rule_still_held", "None", BOOKING),
    Mutation("school.courses.actions.booking", "rule_not_begun", "None", BOOKING),
    Mutation("school.courses.actions.booking", "rule_same_course", "None", BOOKING),
    Mutation("school.courses.actions.steps", "rule_move", "None", BOOKING),
    Mutation("school.courses.actions.teaching", "rule_may_teach", "None", TEACHING),
    Mutation("school.courses.actions.teaching", "rule_after_last_version", "None", TEACHING),
    Mutation("school.courses.actions.teaching", "rule_not_its_own_prerequisite", "None", TEACHING),
    Mutation("school.courses.actions.teaching", "rule_sessions", "None", TEACHING),
    Mutation("school.courses.actions.teaching", "rule_to_come", "None", TEACHING),
    Mutation("school.courses.actions.teaching", "rule_enough_places", "None", TEACHING),
    Mutation("school.courses.actions.teaching", "rule_step", "None", TEACHING),
    Mutation("school.courses.actions.changing", "rule_nobody_booked", "None", TEACHING),
    Mutation("school.courses.actions.changing", "rule_same_change", "None", TEACHING),
    Mutation("logbooks.competencies.actions.frameworks", "rule_may_keep", "None", FRAMEWORKS),
    Mutation("logbooks.competencies.actions.frameworks", "rule_no_problem", "None", FRAMEWORKS),
    Mutation("logbooks.competencies.actions.frameworks", "rule_none_open", "None", FRAMEWORKS),
    Mutation("logbooks.competencies.actions.frameworks", "rule_being_written", "None", FRAMEWORKS),
    Mutation("logbooks.competencies.actions.frameworks", "rule_seen", "None", FRAMEWORKS),
    Mutation("logbooks.competencies.actions.frameworks", "rule_same_framework", "None", FRAMEWORKS),
    Mutation("logbooks.competencies.actions.frameworks", "rule_code_is_free", "None", FRAMEWORKS),
    Mutation("logbooks.competencies.frameworks_queries", "rule_codes_stay", "[]", FRAMEWORKS),
    Mutation(
        "logbooks.competencies.actions.frameworks", "rule_says_something_new", "None", FRAMEWORKS
    ),
    Mutation("logbooks.competencies.actions.frameworks", "rule_second_person", "None", FRAMEWORKS),
    Mutation("logbooks.competencies.actions.frameworks", "rule_move", "None", FRAMEWORKS),
    *(
        Mutation("school.coverage.actions.reporting", rule, "None", REPORTING)
        for rule in (
            "rule_publishes",
            "rule_another_person",
            "rule_as_seen",
            "rule_reviewed",
            "rule_unpublished",
            "rule_somebody",
            "rule_not_withdrawn",
        )
    ),
    *(
        Mutation("school.coverage.actions.sending", rule, "None", SENDING)
        for rule in ("rule_one_recipient", "rule_may_see", "rule_published")
    ),
    Mutation("school.coverage.actions.tokens", "rule_sees_as_much", "None", TOKENS),
    Mutation("school.coverage.actions.tokens", "rule_last_day", "None", TOKENS),
    Mutation("school.coverage.actions.tokens", "rule_few_open", "None", TOKENS),
    Mutation("logbooks.cpd.leaving.record", "rule_named_once", "None", UNPACKING),
    *(
        Mutation("logbooks.cpd.leaving.unpacked", rule, "None", UNPACKING)
        for rule in (
            "rule_short_directory",
            "rule_not_too_much",
            "rule_plain_parts",
            "rule_all_named",
        )
    ),
    Mutation("logbooks.cpd.leaving.compared", "rule_been", "None", BRINGING),
    Mutation("logbooks.cpd.leaving.compared", "rule_in_order", "None", BRINGING),
    *(
        Mutation("logbooks.cpd.actions.importing", rule, "None", CPD_FILES)
        for rule in (
            "rule_own_file",
            "rule_columns_named",
            "rule_not_written",
            "rule_not_too_long",
            "rule_words_looked_at",
        )
    ),
)


def pytest(selection: str, mutation: Mutation | None = None) -> subprocess.CompletedProcess[str]:
    """Run a selection of tests in a process of its own, with a rule switched off or with none."""
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-x", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PORTAL_EVERYTHING": "1"}
    if mutation:
        command += ["-p", "tests.mutate_plugin"]
        environment["MUTATE"] = f"{mutation.module}:{mutation.function}:{mutation.result}"
    return subprocess.run(
        [*command, *(f"tests/{path}" for path in selection.split())],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def main(wanted: str) -> int:
    """Try each rule, print a line for it, and give 1 when one survives or cannot be tried."""
    chosen = [m for m in MUTATIONS if wanted in f"{m.module}.{m.function}"]
    if not chosen:
        print(f"No rule has {wanted} in its name.")
        return 1
    for selection in sorted({mutation.tests for mutation in chosen}):
        whole = pytest(selection)
        if whole.returncode:
            print(f"{selection} fails with every rule on:\n{whole.stdout}{whole.stderr}")
            return 1
    survived = 0
    for mutation in chosen:
        run = pytest(mutation.tests, mutation)
        if run.returncode == FAILED:
            outcome = "fails without it"
        elif run.returncode == 0:
            outcome = "SURVIVES: no test fails without it"
        else:
            outcome = f"NOT TRIED: pytest gave {run.returncode}\n{run.stdout}{run.stderr}"
        survived += run.returncode != FAILED
        rule = f"{mutation.module}.{mutation.function}"
        print(f"{rule:<48} {mutation.tests:<32} {outcome}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} rules have a test that fails without them.")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
