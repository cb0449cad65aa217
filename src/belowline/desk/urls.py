"""The addresses of the moderators' pages."""

from django.urls import path

from belowline.desk import appeals, audit, faq, guarantees, notices, policy_views, reports, routed, stories, views

urlpatterns = [
    path("", views.show_queue, name="desk"),
    path("comments/<int:comment_id>/decide/", views.decide, name="decide"),
    path("decisions/<int:decision_id>/undo/", views.undo, name="undo"),
    path("notices/", notices.show_notices, name="desk-notices"),
    path("notices/<int:notice_id>/decide/", notices.decide, name="decide-notice"),
    path("reports/", reports.show_reports, name="desk-reports"),
    path("reports/<int:comment_id>/decide/", reports.decide, name="decide-reports"),
    path("reports/<int:comment_id>/reopen/", reports.reopen, name="reopen-reports"),
    path("faq/", faq.show_questions, name="desk-faq"),
    path("faq/<slug:site_key>/<slug:question>/", faq.edit_answer, name="desk-faq-answer"),
    path("newsroom/", routed.show_newsroom, name="desk-newsroom"),
    path("corrections/", routed.show_corrections, name="desk-corrections"),
    path("<slug:desk>/comments/<int:comment_id>/answer/", routed.answer, name="answer-message"),
    path("<slug:desk>/comments/<int:comment_id>/handled/", routed.handle, name="mark-handled"),
    path("stories/", stories.list_stories, name="desk-stories"),
    path("stories/<int:story_id>/", stories.show_story, name="desk-story"),
    path("stories/<int:story_id>/topic/", stories.switch, name="switch-topic"),
    path("stories/<int:story_id>/read/", stories.read_again, name="reread-text"),
    path("appeals/", appeals.show_appeals, name="appeals"),
    path("appeals/<int:appeal_id>/decide/", appeals.settle, name="decide-appeal"),
    path("policy/", policy_views.show_policy, name="desk-policy"),
    path("policy/edit/", policy_views.edit_policy, name="desk-policy-edit"),
    path("policy/rehearse/", policy_views.rehearse, name="desk-rehearse"),
    path("policy/rehearsals/<uuid:result_id>/", policy_views.show_rehearsal, name="desk-rehearsal"),
    path("policy/activate/", policy_views.activate, name="desk-policy-activate"),
    path("policy/restore/", policy_views.restore, name="desk-policy-restore"),
    path("policy/versions/<int:version_id>/", policy_views.show_version, name="desk-policy-version"),
    path("audit/", audit.show_audit, name="audit"),
    path("audit/<int:audit_id>/answer/", audit.answer, name="answer-audit"),
    path("audit/<int:audit_id>/follow/", audit.follow_up, name="follow-audit"),
    path("guarantees/", guarantees.show_guarantees, name="guarantees"),
]
