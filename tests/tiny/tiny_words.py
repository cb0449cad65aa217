"""A first stage written as a bundle of its own, as the releases before the encoder had it."""

from belowline.engine.models.bundle import write_bundle
from belowline.engine.signals.abuse import VERSION


def save_words(model, folder, version=VERSION):
    """Write a model without an encoder into a folder."""
    write_bundle(
        folder,
        name="abuse",
        version=version,
        labels=model.labels,
        parameters=model.parameters(),
        tensors={"table": model.table, "scale": model.scale, "bias": model.bias},
    )
