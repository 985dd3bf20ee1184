"""The entry point for a WSGI server; refuses to start while records could be changed."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "school.settings.production")
application = get_wsgi_application()

from school.core.guard import demand_triggers  # noqa: E402  (needs the apps to be loaded)

demand_triggers()

# What is loaded now stays for good: a page that makes many objects need not wait while all of it is looked through for garbage.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
