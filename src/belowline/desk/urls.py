"""The addresses of the moderators' pages."""

from django.urls import path

from belowline.desk import faq, notices, views

urlpatterns = [
    path("", views.show_queue, name="desk"),
    path("comments/<int:comment_id>/decide/", views.decide, name="decide"),
    path("decisions/<int:decision_id>/undo/", views.undo, name="undo"),
    path("notices/", notices.show_notices, name="desk-notices"),
    path("notices/<int:notice_id>/decide/", notices.decide, name="decide-notice"),
    path("faq/", faq.show_questions, name="desk-faq"),
    path("faq/<slug:site_key>/<slug:question>/", faq.edit_answer, name="desk-faq-answer"),
]
