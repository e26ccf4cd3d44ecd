"""A file of estimates that is brought back."""

from django import forms


class EstimateFileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="File of estimates",
        help_text="XLSX or CSV with the columns of the download; change the texts, sources and notes, leave the rest",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )
