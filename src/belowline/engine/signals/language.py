"""Whether a comment is written in a language that the site does not know."""

from belowline.engine.decision import Score
from belowline.engine.signals.base import Prepared
from belowline.engine.text.language import is_supported, language_confidences, language_name


class LanguageSignal:
    """`other_language`: confidence, in [0, 1], that the text is in none of the site's languages."""

    name = "language"
    scores: tuple[str, ...] = ("other_language",)
    version = "language-lingua-2-low-1"

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return `other_language`; evidence is the English name of the language found. Raises nothing."""
        languages = prepared.settings.languages
        evidence = language_confidences(prepared.submission.text, languages)
        others = {code: value for code, value in evidence.found.items() if code not in languages}
        if not others or not all(map(is_supported, languages)):
            return {"other_language": Score(value=0.0)}
        best = max(others, key=lambda code: others[code])
        return {"other_language": Score(value=evidence.of_others(languages), evidence=language_name(best))}
