from django.apps import AppConfig


class ChartsConfig(AppConfig):
    """An application of its own, so that its templates and translations lie with it."""

    name = "cases.charts"
    label = "charts"
    verbose_name = "Charts"
