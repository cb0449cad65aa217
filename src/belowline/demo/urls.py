"""The addresses of the invented paper."""

from django.urls import path

from belowline.demo import views

urlpatterns = [
    path("", views.front, name="front"),
    path("news/<slug:key>/", views.article, name="article"),
    path("demo/mail/", views.mail, name="demo-mail"),
]
