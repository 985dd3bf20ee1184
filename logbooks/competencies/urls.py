"""Addresses of the competency log book."""

from django.urls import URLPattern, URLResolver, path

from logbooks.competencies.views import (
    asking,
    assessing,
    assessments,
    books,
    cohorts,
    maps,
    moving,
    results,
    revoking,
    signing,
    sites,
    stages,
)
from logbooks.competencies.views.frameworks import drafts, importing, switches, versions
from logbooks.competencies.views.log import files, reading, writing
from logbooks.competencies.views.remote import behind, phone, pin

log_urls: list[URLPattern | URLResolver] = [
    path("log-book/examinations/", reading.examinations, name="examinations"),
    path("log-book/examinations/log/", writing.log, name="log_examination"),
    path("log-book/examinations/range/", reading.own_range, name="range"),
    path(
        "log-book/examinations/file/<str:format>/",
        reading.examinations_file,
        name="examinations_file",
    ),
    path("log-book/examinations/<uuid:entry>/", reading.examination, name="examination"),
    path(
        "log-book/examinations/<uuid:entry>/correct/", writing.correct, name="correct_examination"
    ),
    path(
        "log-book/examinations/<uuid:entry>/take-back/",
        writing.take_back,
        name="take_back_examination",
    ),
    path("log-book/examinations/<uuid:entry>/files/add/", files.add, name="add_examination_file"),
    path("log-book/files/<uuid:file>/", files.open_file, name="examination_file"),
    path("log-book/files/<uuid:file>/take-away/", files.remove, name="remove_examination_file"),
    path(
        "log-books/<uuid:enrolment>/examinations/", reading.examinations_of, name="examinations_of"
    ),
    path(
        "log-books/<uuid:enrolment>/examinations/file/<str:format>/",
        reading.examinations_of_file,
        name="examinations_of_file",
    ),
    path("log-books/<uuid:enrolment>/examinations/range/", reading.range_of, name="range_of"),
]

assessment_urls: list[URLPattern | URLResolver] = [
    path("log-book/assessments/", assessments.own_assessments, name="own_assessments"),
    path(
        "log-books/<uuid:enrolment>/assessments/", assessments.assessments_of, name="assessments_of"
    ),
    path(
        "log-books/<uuid:enrolment>/assessments/file/<str:format>/",
        assessments.assessments_file,
        name="assessments_file",
    ),
    path("assessments/items/", assessments.assessed_items, name="assessed_items"),
    path("assessments/<uuid:assessment>/", assessments.assessment, name="assessment"),
    path(
        "assessments/<uuid:assessment>/second/",
        assessing.second_assessment,
        name="second_assessment",
    ),
    path("placements/<uuid:placement>/assess/", assessing.assess_what, name="assess_what"),
    path("placements/<uuid:placement>/assess/<uuid:form>/", assessing.assess_on, name="assess_on"),
]

sign_off_urls: list[URLPattern | URLResolver] = [
    path("log-book/", maps.log_book, name="log_book"),
    path("log-book/ask/", asking.ask_sign_off, name="ask_sign_off"),
    path(
        "log-book/asked/<uuid:asked>/take-back/", asking.withdraw_request, name="withdraw_request"
    ),
    path("log-books/<uuid:enrolment>/", maps.log_book_of, name="log_book_of"),
    path(
        "log-books/<uuid:enrolment>/competencies/<uuid:competency>/",
        maps.competency_of,
        name="competency_of",
    ),
    path(
        "log-books/<uuid:enrolment>/competencies/<uuid:competency>/not-applicable/",
        revoking.not_applicable,
        name="not_applicable",
    ),
    path("log-books/sites/", sites.examinations_by_site, name="examinations_by_site"),
    path(
        "log-books/sites/file/<str:format>/",
        sites.examinations_by_site_file,
        name="examinations_by_site_file",
    ),
    path("log-books/cohorts/<uuid:cohort>/", cohorts.cohort_matrix, name="cohort_matrix"),
    path(
        "log-books/cohorts/<uuid:cohort>/file/<str:format>/",
        cohorts.cohort_matrix_file,
        name="cohort_matrix_file",
    ),
    path("sign-offs/", signing.sign_offs, name="sign_offs"),
    path("sign-offs/<uuid:placement>/", signing.sign_off, name="sign_off"),
    path(
        "sign-offs/signed/<uuid:sign_off>/revoke/", revoking.revoke_sign_off, name="revoke_sign_off"
    ),
]

stage_urls: list[URLPattern | URLResolver] = [
    path("log-books/<uuid:enrolment>/stages/<uuid:stage>/", stages.stage_of, name="stage_of"),
    path("sign-offs/<uuid:placement>/stage/", stages.sign_stage, name="sign_stage"),
    path("sign-offs/stages/<uuid:sign_off>/revoke/", stages.revoke_stage, name="revoke_stage"),
    path(
        "log-books/<uuid:enrolment>/stages/<uuid:stage>/results/<slug:task>/",
        results.external_result,
        name="external_result",
    ),
    path(
        "log-books/<uuid:enrolment>/stages/<uuid:stage>/results/<slug:task>/take-back/",
        results.take_back_result,
        name="take_back_result",
    ),
    path(
        "log-books/results/<uuid:result>/document/",
        results.external_document,
        name="external_document",
    ),
    path("log-books/papers/<uuid:sign_off>/", results.paper_scan, name="paper_scan"),
    path("log-books/<uuid:enrolment>/version/", moving.move_version, name="move_version"),
]

framework_urls: list[URLPattern | URLResolver] = [
    path("frameworks/", versions.frameworks, name="frameworks"),
    path(
        "frameworks/programmes/<uuid:programme>/",
        switches.sign_off_ways,
        name="sign_off_ways",
    ),
    path("frameworks/import/", importing.import_framework, name="import_framework"),
    path("frameworks/import/keep/", importing.keep, name="keep_framework"),
    path("frameworks/versions/<uuid:version>/", versions.version, name="framework_version"),
    path(
        "frameworks/versions/<uuid:version>/file/<str:format>/",
        versions.version_file,
        name="framework_version_file",
    ),
    path("frameworks/versions/<uuid:version>/draft/", versions.start, name="start_framework_draft"),
    path("frameworks/drafts/<uuid:draft>/", drafts.draft, name="framework_draft"),
    path(
        "frameworks/drafts/<uuid:draft>/file/<str:format>/",
        drafts.draft_file,
        name="framework_draft_file",
    ),
    path("frameworks/drafts/<uuid:draft>/submit/", drafts.submit, name="submit_framework_draft"),
    path("frameworks/drafts/<uuid:draft>/return/", drafts.give_back, name="return_framework_draft"),
    path("frameworks/drafts/<uuid:draft>/publish/", drafts.publish, name="publish_framework_draft"),
    path("frameworks/drafts/<uuid:draft>/drop/", drafts.drop, name="drop_framework_draft"),
    path("frameworks/drafts/<uuid:draft>/competency/", drafts.add, name="add_competency"),
    path(
        "frameworks/drafts/<uuid:draft>/competencies/<uuid:competency>/",
        drafts.change,
        name="change_competency",
    ),
    path(
        "frameworks/drafts/<uuid:draft>/competencies/<uuid:competency>/remove/",
        drafts.remove,
        name="remove_competency",
    ),
]

book_urls: list[URLPattern | URLResolver] = [
    path("log-book/copies/", books.log_book_copies, name="log_book_copies"),
    path(
        "log-book/copies/<uuid:copy>/file/<str:format>/",
        books.log_book_copy_file,
        name="log_book_copy_file",
    ),
    path("log-book/copies/<uuid:copy>/share/", books.share_log_book, name="share_log_book"),
    path("log-book/shared/<uuid:share>/", books.end_log_book_share, name="end_log_book_share"),
    path("shared/<str:token>/", books.shared_log_book, name="shared_log_book"),
    path(
        "shared/<str:token>/file/<str:format>/",
        books.shared_log_book_file,
        name="shared_log_book_file",
    ),
]

# Those under `sign-by-link/` are public by their token.
remote_urls: list[URLPattern | URLResolver] = [
    path("log-book/asked/<uuid:asked>/here/", phone.sign_here, name="sign_here"),
    path("log-book/signed/<uuid:sign_off>/", phone.sign_off_receipt, name="sign_off_receipt"),
    path("sign-offs/pin/", pin.signing_pin, name="signing_pin"),
    path("sign-by-link/<str:token>/", behind.sign_off_by_link, name="sign_by_link"),
    path("sign-by-link/<str:token>/code/", behind.send_sign_off_code, name="send_sign_off_code"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *log_urls,
    *sign_off_urls,
    *stage_urls,
    *remote_urls,
    *framework_urls,
    *assessment_urls,
    *book_urls,
]
