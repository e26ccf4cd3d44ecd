"""What starts runs by itself, as people type it."""

from django import forms

from pipelines.models import PushProvider, TriggerKind

QUIET = [
    (0, "at once"),
    (60, "after a minute without another change"),
    (900, "after 15 minutes"),
    (3600, "after an hour"),
    (86400, "after a day"),
]


class TriggerForm(forms.Form):
    """A new trigger, or another setting of one."""

    kind = forms.ChoiceField(choices=TriggerKind.choices, label="When there is")
    cron = forms.CharField(
        max_length=100,
        required=False,
        label="Schedule",
        help_text="Minute, hour, day, month, weekday: 0 2 * * 1 is Mondays at 02:00.",
    )
    zone = forms.CharField(max_length=60, required=False, label="Time zone", initial="UTC", help_text="Europe/Berlin")
    quiet_seconds = forms.TypedChoiceField(choices=QUIET, coerce=int, required=False, empty_value="0", label="Start")


class TriggerSwitchForm(forms.Form):
    """On or off; the version that was read."""

    enabled = forms.BooleanField(required=False)
    version = forms.IntegerField(min_value=1)


class PushHookForm(forms.Form):
    provider = forms.ChoiceField(choices=PushProvider.choices, label="Repository")
    notify_url = forms.URLField(
        max_length=500,
        required=False,
        assume_scheme="https",
        label="Ask this address for your own run",
        help_text="https only, and never an address of a private network.",
    )
