"""A loader that has lost one template, as after an upgrade that was copied by half."""

from django.template import TemplateDoesNotExist
from django.template.loaders.filesystem import Loader


class Without(Loader):
    """Loads from folders, but not the one template."""

    def __init__(self, engine, lost, folders):
        super().__init__(engine, folders)
        self.lost = lost

    def get_contents(self, origin):
        """Return the source, unless it is the lost one."""
        if origin.template_name == self.lost:
            raise TemplateDoesNotExist(origin)
        return super().get_contents(origin)
