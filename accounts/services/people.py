"""People: making an account, changing a name."""

from django.db import IntegrityError, transaction

from accounts.models import User
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


def user_rename(*, user: User, name: str) -> User:
    user.name = name.strip()
    user.save(update_fields=["name"])
    return user
