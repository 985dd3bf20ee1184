"""Addresses of the account pages (the one door) and of the people pages.

Of allauth's own pages only those stand here that the portal uses: what is not listed cannot be reached.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as usersessions
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path

from school.people.views import account as own
from school.people.views import (
    address,
    documents,
    entitlements,
    mail,
    merging,
    people,
    resume,
    system,
)

account_urls: list[URLPattern] = [
    path("", own.HowYouSignIn.as_view(), name="mfa_index"),
    path("login/", account.login, name="account_login"),
    path(
        "login/code/",
        login_not_required(account.request_login_code),
        name="account_request_login_code",
    ),
    path("login/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("login/second-step/", second_factor.authenticate, name="mfa_authenticate"),
    path("login/passkey/", login_not_required(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", login_not_required(account.account_inactive), name="account_inactive"),
    path("password/", own.password, name="password"),
    path("app/", own.AddApp.as_view(), name="mfa_activate_totp"),
    path("app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("passkeys/add/", own.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", own.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("devices/", usersessions.list_usersessions, name="usersessions_list"),
    path("mail/", mail.preferences, name="mail_preferences"),
    path("messages/", mail.messages, name="messages"),
    path("address/", address.change_address, name="change_address"),
    path("address/<str:token>/", address.confirm_address, name="confirm_address"),
    path("prove/", own.prove, name="prove"),
    path("resume/", resume.resume, name="resume"),
    path("invitation/<str:token>/", own.invitation, name="invitation"),
    path("hat/<slug:role>/<uuid:scope>/", own.wear_hat, name="wear_hat"),
]

people_urls: list[URLPattern] = [
    path("", people.people, name="people"),
    path("invite/", people.invite_someone, name="invite_someone"),
    path("<uuid:person>/", people.person, name="person"),
    path("<uuid:person>/roles/", people.person_roles, name="person_roles"),
    path("<uuid:person>/roles/<uuid:grant>/end/", people.end_role, name="end_role"),
    path("<uuid:person>/entitlements/", entitlements.entitlements, name="entitlements"),
    path(
        "<uuid:person>/entitlements/<uuid:entitlement>/",
        entitlements.change,
        name="change_entitlement",
    ),
    path("<uuid:person>/merge/", merging.find_other, name="find_other"),
    path("<uuid:person>/merge/<uuid:other>/", merging.merge, name="merge_people"),
    path("<uuid:person>/merge/<uuid:merge>/undo/", merging.undo, name="undo_merge"),
    path("<uuid:person>/correct/", address.correct, name="correct_person"),
    path("<uuid:person>/invite/", people.send_invitation, name="send_invitation"),
    path("<uuid:person>/account/", people.switch_account, name="switch_account"),
]

system_urls: list[URLPattern] = [
    path("system/", system.system, name="system"),
    path("system/gallery/", system.gallery, name="gallery"),
    path("system/tasks/<uuid:task>/retry/", system.retry_task, name="retry_task"),
    path("system/mail/<uuid:mail>/retry/", system.retry_mail, name="retry_mail"),
    path("progress/<uuid:work>/", system.progress, name="progress"),
    path("verify/", documents.check, name="check"),
    path("verify/<str:code>/", documents.check_document, name="check_document"),
]

# Wagtail and Django have doors and a user management of their own, which go round the second factor.
closed_urls: list[URLPattern] = [
    path("admin/login/", own.to_the_door),
    path("django-admin/login/", own.to_the_door),
    path("_util/login/", own.to_the_door),
    re_path(r"^admin/users/", people.no_user_management),
]
