"""What partners could read until now because its level was public is not published: reviewers decide on it."""

from django.db import migrations


def tell(apps, _schema_editor):
    """Print each update that partners could read, and that they cannot any more until somebody publishes it."""
    updates = apps.get_model("recommendations", "StatusUpdate").objects
    public = updates.filter(state="approved", sensitivity="public").select_related("recommendation")
    public = public.order_by("recommendation__reference", "as_of", "pk")
    for one in public:
        name = f"{one.recommendation.reference}, {one.kind} as of {one.as_of}"
        print(f"  {name}: partners could read it because it is public; it is not published now.")
    if public:
        print("  A reviewer finds them under “What may be said outside” and decides on each.")


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0043_publication")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
