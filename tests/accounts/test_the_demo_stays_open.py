"""The demo is shared: nobody can lock the others out of it."""

import pytest
from django.urls import reverse

from accounts.models import Workspace
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def test_the_password_of_the_demo_cannot_be_changed(cast: Cast) -> None:
    Workspace.objects.filter(pk=cast.workspace.pk).update(is_demo=True)
    new = "another long enough sentence"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = cast.browser(cast.owner).post(reverse("accounts:change_password"), typed)
    assert answer.status_code == 403
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(PASSWORD)


def test_others_can_change_theirs(cast: Cast) -> None:
    new = "another long enough sentence"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = cast.browser(cast.owner).post(reverse("accounts:change_password"), typed)
    assert answer.status_code == 302
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(new)
