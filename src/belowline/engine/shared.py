"""The engine of this process: the models are loaded once, whoever asks."""

from functools import lru_cache

from belowline.engine.judge import Engine


@lru_cache(maxsize=1)
def shared_engine() -> Engine:
    """Return the engine with the shipped models and policy, loaded at the first call.

    Raises:
        ModelError: a shipped model is missing or damaged.
    """
    return Engine.load()
