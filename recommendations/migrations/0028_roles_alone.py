"""Take away what stood beside the roles: the role alone says what somebody may do.

Somebody who had the flag and no role at all was a manager by it, as those were whom ``createsuperuser`` made:
they stay one. Whoever has a role keeps that role and no more; but where nobody could manage any more, those
who had the flag still can.
"""

from django.db import migrations


def clear(apps, schema_editor):
    person = apps.get_model("recommendations", "User")
    manager = apps.get_model("auth", "Group").objects.get(name="Manager")
    flagged = person.objects.filter(is_superuser=True, is_partner=False)
    for one in flagged.filter(groups=None):
        one.groups.add(manager)
    if not person.objects.filter(is_active=True, is_partner=False, groups=manager).exists():
        for one in flagged.filter(is_active=True):
            one.groups.set([manager])
    person.objects.filter(is_superuser=True).update(is_superuser=False)
    person.user_permissions.through.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0027_mail_found_by_state"), ("recommendations", "0002_roles")]
    operations = [migrations.RunPython(clear, migrations.RunPython.noop)]
