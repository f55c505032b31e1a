"""Where Django starts, Celery is told of its settings: tasks are published from every process."""

from django.apps import AppConfig

from config import celery

__all__ = ["GlossaConfig", "celery"]


class GlossaConfig(AppConfig):
    name = "config"
    verbose_name = "Glossa"
