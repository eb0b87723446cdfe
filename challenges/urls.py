from django.urls import path

from challenges.views import network, own_grid

urlpatterns = [
    path("<year:year>/hindrances/", network, name="hindrances"),
    path("<year:year>/hindrances/ours/", own_grid, name="own-hindrances"),
]
