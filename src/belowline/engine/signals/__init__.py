"""The signals: one file each; this is their order."""

from belowline.engine.signals.base import Signal


def load_signals() -> tuple[Signal, ...]:
    """Load every shipped signal, with its model where it has one.

    Raises:
        ModelError: a shipped model is missing or damaged.
    """
    from belowline.engine.signals.abuse import AbuseSignal
    from belowline.engine.signals.incoherence import IncoherenceSignal
    from belowline.engine.signals.language import LanguageSignal
    from belowline.engine.signals.links import LinksSignal
    from belowline.engine.signals.personal_data import PersonalDataSignal
    from belowline.engine.signals.repetition import RepetitionSignal
    from belowline.engine.signals.shouting import ShoutingSignal
    from belowline.engine.signals.topic import TopicSignal
    from belowline.engine.signals.word_list import WordListSignal

    return (
        LanguageSignal(),
        AbuseSignal.load(),
        TopicSignal.load(),
        LinksSignal(),
        ShoutingSignal(),
        RepetitionSignal(),
        PersonalDataSignal(),
        WordListSignal(),
        IncoherenceSignal(),
    )
