"""Our addresses, and those of the floor."""

from django.urls import include, path

from benchmarks import floor

urlpatterns = [
    path("floor/list/<int:round_pk>/<int:rows>/", floor.bare_list),
    path("floor/save/<int:response_pk>/", floor.bare_save),
    path("", include("screening.urls")),
]
