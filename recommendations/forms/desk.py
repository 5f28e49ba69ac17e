"""What reviewers and managers change on the desk; the services behind it decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import PARTNER, PARTNER_LABEL, Role
from recommendations.forms.choosing import PersonField, who_can_be, with_address
from recommendations.forms.edits import EditForm, OlderName
from recommendations.models import Recommendation, User


class RecommendationForm(EditForm, forms.ModelForm):
    """What is ours about a recommendation: title, pillar, who answers for it, when it is looked at."""

    class Meta:
        model = Recommendation
        fields = [
            "short_title",
            "pillar",
            "nature",
            "owner",
            "deputy",
            "reviewer",
            "interval_days",
        ]
        field_classes = dict.fromkeys(("owner", "deputy", "reviewer"), PersonField)
        widgets = {"short_title": forms.TextInput(attrs={"size": 70})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.Meta.field_classes.keys() & set(self.fields):
            picker: Any = self.fields[name]
            picker.queryset = who_can_be(name, self.instance)

    def clean(self):
        """Refuse a deputy who is the owner."""
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("owner") and cleaned["owner"] == cleaned.get("deputy"):
            self.add_error("deputy", _("The deputy must be somebody other than the owner."))
        return cleaned


class OwnerForm(forms.Form):
    """One owner for several recommendations. Nothing is chosen beforehand, least of all nobody."""

    NOBODY = "nobody"

    owner = forms.ChoiceField(
        label=_("Owner"),
        error_messages={"required": _("Choose an owner, or choose “Nobody”.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in User.objects.writers().order_by("name", "email")}
        named = [(pk, with_address(person)) for pk, person in self.people.items()]
        picker: Any = self.fields["owner"]
        picker.choices = [("", _("Choose…")), *named, (self.NOBODY, _("Nobody: remove the owner"))]

    def clean_owner(self):
        """Return the person, or None for nobody."""
        return self.people.get(self.cleaned_data["owner"])


class DayForm(forms.Form):
    """One review date for several recommendations."""

    day = forms.DateField(
        label=_("Review on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "It applies once, in addition to the interval and other dates: the earliest of "
            "them is the next review."
        ),
    )


class PersonForm(OlderName, EditForm, forms.ModelForm):
    """A member of the team and their role; managers only."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[*Role.choices, (PARTNER, PARTNER_LABEL)],
        help_text=_(
            "Viewer: reads. Contributor: also writes updates and adds evidence. Reviewer: also "
            "decides on other people's updates and assigns owners. Manager: also manages people, "
            "reports, the mail log and access. Outside partner: cannot open pages, gets digests of "
            "what is public by mail."
        ),
    )

    class Meta:
        model = User
        fields = ["name", "email", "is_active"]

    def shown(self):
        """Return what it shows of the person, their role among it."""
        return {**super().shown(), "role": self.fields["role"].initial} if self.instance.pk else {}

    def clean_email(self):
        """Case fold the address, so that it is one person's whatever its case."""
        return self.cleaned_data["email"].strip().casefold()


class ReturnForm(forms.Form):
    """The comment that goes with returning updates."""

    comment = forms.CharField(
        label=_("What should the author change?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The author of each of them gets this comment."),
    )
