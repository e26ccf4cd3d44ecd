"""What can be done to people, workspaces, their members and their keys."""

from accounts.services.audit import audit_record
from accounts.services.backup import BackupReport, backup_write
from accounts.services.idempotency import (
    idempotent_answer_abandon,
    idempotent_answer_begin,
    idempotent_answer_finish,
)
from accounts.services.invitations import (
    invitation_accept,
    invitation_create,
    invitation_found,
    invitation_revoke,
)
from accounts.services.mails import invitation_mail, mail_folder
from accounts.services.members import member_remove, member_role_change
from accounts.services.people import user_create, user_rename
from accounts.services.restore import backup_restore
from accounts.services.tokens import api_token_create, api_token_found, api_token_revoke
from accounts.services.workspaces import WorkspaceSettings, workspace_create, workspace_update

__all__ = [
    "BackupReport",
    "WorkspaceSettings",
    "api_token_create",
    "api_token_found",
    "api_token_revoke",
    "audit_record",
    "backup_restore",
    "backup_write",
    "idempotent_answer_abandon",
    "idempotent_answer_begin",
    "idempotent_answer_finish",
    "invitation_accept",
    "invitation_create",
    "invitation_found",
    "invitation_mail",
    "invitation_revoke",
    "mail_folder",
    "member_remove",
    "member_role_change",
    "user_create",
    "user_rename",
    "workspace_create",
    "workspace_update",
]
