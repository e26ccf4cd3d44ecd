"""What a workspace counts with, who is in it, and its keys."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import Role, Workspace
from accounts.services import WorkspaceSettings

CODES = (
    "EUR USD GBP CHF AED ARS AUD BGN BRL CAD CLP CNY COP CZK DKK EGP HKD HUF IDR ILS INR ISK JPY KES KRW MAD MXN MYR "
    "NGN NOK NZD PEN PHP PLN RON RSD RUB SAR SEK SGD THB TRY TWD UAH VND ZAR"
)
CURRENCIES = CODES.split()
ROLE_WORDS = [
    (Role.VIEWER.value, "Viewer: reads everything"),
    (Role.EDITOR.value, "Editor: also changes processes, runs pipelines"),
    (Role.OWNER.value, "Owner: also members, settings and deleting"),
]
LIFETIMES = [("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "until it is revoked")]


class WorkspaceForm(forms.Form):
    """The defaults of every value in a workspace. The discount rate is written in per cent."""

    name = forms.CharField(label="Name of the workspace", max_length=120, help_text="Your team, or company.")
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in CURRENCIES])
    hourly_wage = forms.DecimalField(
        label="Cost of an hour of work",
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        initial=Decimal("38.00"),
        help_text="What an hour of the people who do the tasks costs, with all charges, in the currency above.",
    )
    discount_percent = forms.DecimalField(
        label="Discount rate, % a year",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=Decimal("8"),
        help_text="How much less a sum is worth a year later. Finance knows yours; 8 is usual.",
    )
    working_days_a_year = forms.IntegerField(
        label="Working days a year", min_value=1, max_value=366, initial=220, help_text="For one person."
    )
    hours_a_day = forms.DecimalField(
        label="Working hours a day",
        min_value=Decimal("0.5"),
        max_value=24,
        max_digits=4,
        decimal_places=2,
        initial=Decimal("8"),
    )
    horizon_years = forms.IntegerField(
        label="Horizon, years",
        min_value=1,
        max_value=20,
        initial=5,
        help_text="How many years of benefits and costs a value counts.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.initial.get("currency")
        field = self.fields["currency"]
        if code and code not in CURRENCIES and isinstance(field, forms.ChoiceField):
            field.choices = [(code, code), *((each, each) for each in CURRENCIES)]

    @staticmethod
    def initial_of(workspace: Workspace) -> dict[str, object]:
        """What the form shows of a workspace."""
        names = ("name", "currency", "hourly_wage", "working_days_a_year", "horizon_years")
        shown: dict[str, object] = {name: getattr(workspace, name) for name in names}
        exact = {"discount_percent": workspace.discount_rate * 100, "hours_a_day": workspace.hours_a_day}
        return shown | {name: f"{figure.normalize():f}" for name, figure in exact.items()}

    def settings(self) -> WorkspaceSettings:
        given = dict(self.cleaned_data)
        rate = Decimal(given.pop("discount_percent")) / 100
        return WorkspaceSettings(discount_rate=rate, **{name: given[name] for name in given if name in SETTINGS})


SETTINGS = frozenset(WorkspaceSettings.__dataclass_fields__) - {"discount_rate"}


class InvitationForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=ROLE_WORDS, initial=Role.EDITOR.value, widget=forms.RadioSelect)
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="With an address the link is mailed and works for that account only. Without, you hand it over.",
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for?", max_length=80, help_text="So that you know later which one to revoke."
    )
    scope = forms.ChoiceField(
        label="What may it do?",
        choices=[("read", "Read"), ("write", "Read and write, as far as your role allows")],
        widget=forms.RadioSelect,
        initial="read",
    )
    lifetime = forms.ChoiceField(label="How long does it work?", choices=LIFETIMES, initial="90", required=False)

    @property
    def can_write(self) -> bool:
        return bool(self.cleaned_data["scope"] == "write")

    def expires_at(self, now: datetime) -> datetime | None:
        days = self.cleaned_data["lifetime"]
        return now + timedelta(days=int(days)) if days else None
