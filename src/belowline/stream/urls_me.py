"""The addresses of a reader's own pages besides their comments."""

from django.urls import path

from belowline.stream.views import close, export, measures, notifications, reader_settings, sessions, unsubscribe

urlpatterns = [
    path("me/notifications/", notifications.notifications, name="notifications"),
    path("me/notifications/read/", notifications.mark_all_read, name="mark-all-read"),
    path("me/notifications/<int:notification_id>/", notifications.open_notification, name="open-notification"),
    path("me/settings/", reader_settings.reader_settings, name="reader-settings"),
    path("me/sessions/", sessions.sessions, name="sessions"),
    path("me/account/", measures.my_measures, name="my-measures"),
    path("me/account/<int:sanction_id>/acknowledge/", measures.acknowledge, name="acknowledge-warning"),
    path("me/account/<int:sanction_id>/contest/", measures.contest, name="contest-measure"),
    path("me/export/", export.export_mine, name="export-mine"),
    path("me/close/", close.close, name="close-account"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
