"""Signing in."""

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy


class SignInForm(AuthenticationForm):
    """Django's form in our words; it tells people who know a one-time password that it has expired."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _lazy(
            "This address and this password do not belong together. Check both. In the password capital and "
            "small letters differ, in the address they do not."
        ),
    }

    def confirm_login_allowed(self, user):
        """Refuse a one-time password that was given too long ago. Raises: ValidationError."""
        super().confirm_login_allowed(user)
        if user.one_time_password_ended(timezone.now()):
            raise ValidationError(
                _(
                    "This one-time password was valid for 72 hours and has expired. Ask a manager "
                    "for a new one."
                )
            )
