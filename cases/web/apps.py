from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "cases.web"
    label = "web"
