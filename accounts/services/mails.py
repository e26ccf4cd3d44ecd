"""Mails of accounts. Without a mail server they are written to files, and pages say where."""

from django.conf import settings
from django.core.mail import send_mail

from accounts.models import Invitation

FILES = "django.core.mail.backends.filebased.EmailBackend"


def mail_folder() -> str:
    """Where mails are written on an installation without a mail server; empty when they are sent."""
    return str(settings.EMAIL_FILE_PATH) if settings.EMAIL_BACKEND == FILES else ""


def invitation_mail(*, invitation: Invitation, link: str) -> None:
    """Send the link to the address of the invitation."""
    who = str(invitation.created_by or "Somebody")
    role = invitation.get_role_display().lower()
    send_mail(
        subject=f"{who} invites you to {invitation.workspace.name} on Taskworth",
        message=(
            f"{who} invites you to the workspace {invitation.workspace.name} as {role}.\n\n"
            f"Open this link within a week to join:\n{link}\n\nIf you do not know why you get this, ignore it.\n"
        ),
        from_email=None,
        recipient_list=[invitation.email],
    )
