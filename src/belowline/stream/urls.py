"""The addresses of the readers' pages."""

from django.urls import path

from belowline.stream.views import (
    comment,
    embed,
    faq,
    mine,
    more,
    my_comment,
    notice,
    post,
    recommend,
    relation,
    report,
    sso,
    thread,
    transparency,
)

urlpatterns = [
    path("embed/", embed.embed, name="embed"),
    path("discussion/<int:story_id>/", thread.show_thread, name="thread"),
    path("discussion/<int:story_id>/post/", post.post, name="post-comment"),
    path("discussion/<int:story_id>/composer/", post.composer, name="composer"),
    path("comments/<int:comment_id>/more/", more.more, name="comment-more"),
    path("comments/<int:comment_id>/recommend/", recommend.recommend, name="recommend-comment"),
    path("comments/<int:comment_id>/", comment.show_comment, name="comment"),
    path("comments/<int:comment_id>/replies/", comment.show_replies, name="comment-replies"),
    path("comments/<int:comment_id>/report/", report.report, name="report-comment"),
    path("comments/<int:comment_id>/delete/", post.delete, name="delete-comment"),
    path("comments/<int:comment_id>/notice/", notice.give_notice, name="give-notice"),
    path("notices/<str:receipt>/", notice.notice_state, name="notice-state"),
    path("comments/<int:comment_id>/explain/", relation.explain, name="explain-relation"),
    path("me/", mine.my_comments, name="my-comments"),
    path("me/comments/<int:comment_id>/", my_comment.my_comment, name="my-comment"),
    path("me/comments/<int:comment_id>/appeal/", my_comment.contest, name="submit-appeal"),
    path("sso/", sso.sso, name="sso"),
    path("sso/logout/", sso.sso_logout, name="sso-logout"),
    path("faq/", faq.faq, name="faq"),
    path("faq/<slug:site_key>/", faq.faq, name="site-faq"),
    path("transparency/<slug:site_key>/", transparency.show_transparency, name="transparency"),
    path("transparency/<slug:site_key>.json", transparency.transparency_json, name="transparency-json"),
    path("transparency/<slug:site_key>/terms.json", transparency.terms_json, name="terms-json"),
    path("transparency/<slug:site_key>/models/<slug:model>/", transparency.show_model, name="model-card"),
]
