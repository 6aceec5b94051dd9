import os

from django.core.wsgi import get_wsgi_application

from ilp.database import area

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilp.settings")
area.only_serve_requests()
application = get_wsgi_application()
