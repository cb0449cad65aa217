"""The app: where Wagtail is installed, published pages are sent to Belowline."""

from django.apps import AppConfig, apps


class BelowlineConfig(AppConfig):
    """Belowline's comments."""

    name = "django_belowline"
    verbose_name = "Belowline"

    def ready(self) -> None:
        """Listen to Wagtail, where it is there."""
        if not apps.is_installed("wagtail"):
            return
        from wagtail.signals import page_published, page_unpublished

        from django_belowline.publishing import on_publish, on_unpublish

        page_published.connect(on_publish, dispatch_uid="belowline-published")
        page_unpublished.connect(on_unpublish, dispatch_uid="belowline-unpublished")
