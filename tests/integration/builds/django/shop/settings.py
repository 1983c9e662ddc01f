"""Settings of a project without a database."""

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
STATIC_URL = "static/"
STATIC_ROOT = "static"
TEMPLATES: list[object] = []
