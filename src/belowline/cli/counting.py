"""Before a server or a worker starts: where its processes count together."""

import os


def share_metrics() -> None:
    """Have all processes that are started from here on count in files of one folder, where metrics are on."""
    from django.conf import settings

    from belowline.metrics.start import clear_dead

    if settings.METRICS_ON:
        settings.METRICS_DIR.mkdir(parents=True, exist_ok=True)
        clear_dead(settings.METRICS_DIR)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.METRICS_DIR)
