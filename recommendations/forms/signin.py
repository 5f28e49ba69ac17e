"""Signing in."""

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


class SignInForm(AuthenticationForm):
    """Django's own, which tells whoever knows a one-time password when its time is over."""

    def confirm_login_allowed(self, user):
        """Refuse a one-time password that was given too long ago. Raises: ValidationError."""
        super().confirm_login_allowed(user)
        if user.one_time_password_ended(timezone.now()):
            raise ValidationError(
                _("This one-time password was good for 72 hours and has ended. Ask a manager for a new one.")
            )
