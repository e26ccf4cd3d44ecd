"""Addresses of accounts: signing in at the root, a workspace's settings below /w/<workspace>/, its part of the API."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path

from accounts.api import TokenView, WorkspacesView
from accounts.views import gate, profile, workspace

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", gate.landing, name="landing"),
    path("start/", gate.start, name="start"),
    path("sign-in/", gate.SignIn.as_view(), name="sign_in"),
    path("sign-up/", gate.sign_up, name="sign_up"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("demo/", gate.demo, name="demo"),
    path("password/", gate.Reset.as_view(), name="reset"),
    path("password/sent/", gate.ResetSent.as_view(), name="reset_sent"),
    path("password/<uidb64>/<token>/", gate.ResetConfirm.as_view(), name="reset_confirm"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", profile.ChangePassword.as_view(), name="change_password"),
    path("workspaces/", profile.workspaces, name="workspaces"),
    path("join/<str:secret>/", profile.join, name="join"),
    path("w/<slug:slug>/settings/", workspace.settings, name="settings"),
    path("w/<slug:slug>/members/", workspace.members, name="members"),
    path("w/<slug:slug>/members/<int:pk>/role/", workspace.member_role, name="member_role"),
    path("w/<slug:slug>/members/<int:pk>/leave/", workspace.member_leave, name="member_leave"),
    path("w/<slug:slug>/invitations/<int:pk>/delete/", workspace.invitation_delete, name="invitation_delete"),
    path("w/<slug:slug>/tokens/", workspace.tokens, name="tokens"),
    path("w/<slug:slug>/tokens/<int:pk>/delete/", workspace.token_delete, name="token_delete"),
    path("w/<slug:slug>/audit/", workspace.audit, name="audit"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/token/", TokenView.as_view(), name="token"),
    path("workspaces/", WorkspacesView.as_view(), name="workspaces"),
]
