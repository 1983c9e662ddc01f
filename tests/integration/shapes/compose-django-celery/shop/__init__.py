"""`celery -A shop` looks for the application here."""

from shop.tasks import celery

__all__ = ["celery"]
