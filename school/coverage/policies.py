"""Who says what training is required."""

from school.people.middleware import Viewer
from school.people.models import Scope
from school.people.queries import Hat
from school.people.roles import Permission

REFUSAL = "Only a workforce manager of the whole network says what training is required."


def asking_hats(viewer: Viewer) -> list[Hat]:
    """The viewer's roles that let them say what is required: of the whole network, since a rule may reach everybody."""
    wanted = {Permission.IMPORT_RECORDS, Permission.SEE_STAFF_RECORDS}
    return [
        hat
        for hat in viewer.hats
        if hat.scope.kind == Scope.Kind.NETWORK and wanted <= hat.role.permissions
    ]
