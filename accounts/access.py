"""Who is asking, in which workspace, with which role. Every service that changes something takes an Access first."""

from dataclasses import dataclass

from accounts.models import Role, User, Workspace
from common.errors import NotAllowed

RANK = {Role.VIEWER: 0, Role.EDITOR: 1, Role.OWNER: 2}


@dataclass(frozen=True)
class Access:
    """One person (or the product itself, `user` None) acting in one workspace."""

    user: User | None
    workspace: Workspace
    role: Role

    @classmethod
    def system(cls, workspace: Workspace) -> "Access":
        """The product acting for itself: headless commands, the demo, background work."""
        return cls(user=None, workspace=workspace, role=Role.OWNER)

    @property
    def can_edit(self) -> bool:
        return RANK[self.role] >= RANK[Role.EDITOR]

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    def require(self, role: Role) -> None:
        """Refuse with NotAllowed, in words, when the role is below `role`."""
        if RANK[self.role] < RANK[role]:
            raise NotAllowed(
                f"You are {self.role.label.lower()} of {self.workspace.name}; this needs {role.label.lower()}.",
                detail="Ask an owner of the workspace to change your role.",
            )
