"""The entry point for a WSGI server; refuses to start while records could be changed."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "school.settings.production")
application = get_wsgi_application()

from school.core.guard import demand_triggers  # noqa: E402  (needs the apps to be loaded)

demand_triggers()
