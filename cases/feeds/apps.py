from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """An application of its own, so that its translations lie with it."""

    name = "cases.feeds"
    label = "feeds"
    verbose_name = "Feeds"
