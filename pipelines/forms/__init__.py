"""What people type on the pages of pipelines."""

from pipelines.forms.generating import GenerateForm, GenerateTopForm, OptionsForm, RetireForm
from pipelines.forms.marking import MarkForm
from pipelines.forms.monitoring import OutcomeForm
from pipelines.forms.predictions import AskForm
from pipelines.forms.realised import MonthCostsForm, TakeMeasuredForm
from pipelines.forms.registry import DecideForm, PolicyForm, PromoteForm
from pipelines.forms.running import RunAgainForm
from pipelines.forms.training import RolesForm, SourceForm, TableForm
from pipelines.forms.triggers import PushHookForm, TriggerForm, TriggerSwitchForm

__all__ = [
    "AskForm",
    "DecideForm",
    "GenerateForm",
    "GenerateTopForm",
    "MarkForm",
    "MonthCostsForm",
    "OptionsForm",
    "OutcomeForm",
    "PolicyForm",
    "PromoteForm",
    "PushHookForm",
    "RetireForm",
    "RolesForm",
    "RunAgainForm",
    "SourceForm",
    "TableForm",
    "TakeMeasuredForm",
    "TriggerForm",
    "TriggerSwitchForm",
]
