"""The addresses of a student's own pages."""

from django.urls import path

from placements.views.student import log, not_worked, several, shifts, weeks

urlpatterns = [
    path("shifts/", shifts.shifts, name="shifts"),
    path("shifts/file/<str:format>/", shifts.shifts_file, name="shifts_file"),
    path("shifts/log/", log.log, name="log_shift"),
    path("shifts/log/week/", log.week_part, name="log_shift_week"),
    path("shifts/log-several/", several.several, name="log_several"),
    path("shifts/<uuid:shift>/", shifts.shift, name="shift"),
    path("shifts/<uuid:shift>/correct/", log.correct, name="correct_shift"),
    path("shifts/<uuid:shift>/take-back/", shifts.take_back, name="take_back_shift"),
    path("shifts/<uuid:shift>/reply/", shifts.reply, name="reply_to_query"),
    path("rota/", weeks.rota, name="rota"),
    path(
        "rota/<uuid:planned>/cancel/", weeks.cancel_planned_make_up, name="cancel_planned_make_up"
    ),
    path("day-notes/", not_worked.day_notes, name="day_notes"),
    path("day-notes/<uuid:note>/", not_worked.day_note, name="day_note"),
    path("day-notes/<uuid:note>/withdraw/", not_worked.withdraw_day_note, name="withdraw_day_note"),
    path("day-notes/<uuid:note>/make-up/", not_worked.make_up, name="plan_make_up"),
    path("weeks/<uuid:placement>/<str:monday>/", weeks.close_week, name="close_week"),
]
