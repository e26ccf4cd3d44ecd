"""Signing up, signing in, one's own name."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.services.people import TAKEN

WRONG = "E-mail and password do not match an account. Capital letters count in the password."
EMAIL = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"})


class SignInForm(AuthenticationForm):
    """E-mail and password. The answer is the same for an unknown address and a wrong password."""

    username = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class SignUpForm(forms.Form):
    """A new person."""

    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}), required=False
    )
    email = forms.EmailField(label="E-mail", widget=EMAIL)
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(TAKEN.message)
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned:
            person = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                validate_password(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ResetForm(PasswordResetForm):
    """Asks for the address that the mail goes to."""

    email = forms.EmailField(label="E-mail", max_length=254, widget=EMAIL)


class NameForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name",)
        labels: ClassVar[dict[str, Any]] = {"name": "Your name"}
        help_texts: ClassVar[dict[str, Any]] = {"name": "As others see it beside what you did."}
        widgets: ClassVar[dict[str, Any]] = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
