"""Addresses below /charts/."""

from django.urls import path

from cases.charts import cards, views
from cases.charts.charts import CHARTS

app_name = "charts"

urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("card.png", cards.CardView.as_view(), name="card"),
    *(
        path(
            f"{name}.{form}",
            views.ChartView.as_view(chart=chart, form=form),
            name=f"{name}.{form}",
        )
        for name, chart in CHARTS.items()
        for form in views.MEDIA_TYPES
    ),
]
