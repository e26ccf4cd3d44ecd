"""Forms of accounts."""

from accounts.forms.people import NameForm, ResetForm, SignInForm, SignUpForm
from accounts.forms.workspaces import InvitationForm, RoleForm, TokenForm, WorkspaceForm

__all__ = [
    "InvitationForm",
    "NameForm",
    "ResetForm",
    "RoleForm",
    "SignInForm",
    "SignUpForm",
    "TokenForm",
    "WorkspaceForm",
]
