"""People: making an account, changing a name."""

from django.db import IntegrityError, transaction

from accounts.access import Access
from accounts.models import Membership, Role, User
from accounts.services.audit import audit_record
from common.errors import FieldProblem, InvalidInput

TAKEN = FieldProblem("email", "There is an account with this address. Sign in instead, or reset its password.")


def user_create(*, email: str, password: str, name: str = "") -> User:
    """A new person. Raises InvalidInput at `email` when the address has an account, in whatever case it is written.

    The password is taken as given: forms check it against AUTH_PASSWORD_VALIDATORS.
    """
    try:
        with transaction.atomic():
            return User.objects.create_user(email=email.strip(), password=password, name=name.strip())
    except IntegrityError:
        raise InvalidInput("This address is taken.", errors=[TAKEN]) from None


@transaction.atomic
def user_rename(*, user: User, name: str) -> User:
    """Change how a person is called; every workspace they are in is told in its trail."""
    before, user.name = user.name, name.strip()
    user.save(update_fields=["name"])
    if before != user.name:
        detail = {"name": {"from": before, "to": user.name}}
        for membership in Membership.objects.filter(user=user).select_related("workspace"):
            access = Access(user=user, workspace=membership.workspace, role=Role(membership.role))
            audit_record(access=access, verb="person.renamed", subject=f"user:{user.pk}", detail=detail)
    return user
