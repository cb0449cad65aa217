"""The policy: rules with their thresholds and their words, read from TOML and validated.

The same file decides, explains to authors, guides moderators and writes the FAQ.
"""

import difflib
import hashlib
import re
import string
import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from belowline.engine.errors import PolicyError
from belowline.engine.statement_terms import CATEGORIES, KEYWORDS, OTHER, UNMAPPED, StatementTerms

MAX_POLICY_CHARACTERS = 200_000
ABUSE_SCORES = (
    "toxicity",
    "severe_toxicity",
    "insult",
    "profanity",
    "threat",
    "identity_attack",
    "sexually_explicit",
    "spam",
)
"""What the abuse model gives; the words are those of the Perspective API."""
TOPIC_KINDS = ("about_moderation", "product_feedback", "correction", "insubstantial", "copy_paste")
"""What a comment may be instead of off topic; each has a score of its own."""
TOPIC_SCORES = ("off_topic", *TOPIC_KINDS)
SCORE_NAMES = (
    *ABUSE_SCORES,
    *TOPIC_SCORES,
    "other_language",
    "links",
    "shouting",
    "repetition",
    "personal_data",
    "banned_word",
    "watched_word",
    "incoherence",
    "newsroom_refusal",
)
NEVER_REJECTED = (*TOPIC_SCORES, "newsroom_refusal")
"""People on topic who are told that they are not, leave; and what was learned cannot say for which words it refuses. A
person decides about these."""
DESKS = ("moderators", "newsroom", "corrections")
"""Who reads what a rule holds, or notes in the background."""
EXPLANATION_FIELDS = frozenset({"excerpt", "evidence", "story"})

Unit = Annotated[float, Meta(ge=0.0, le=1.0)]
Words = Annotated[str, Meta(min_length=1, max_length=2_000)]
Terms = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...], Meta(max_length=5_000)]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule: when a score reaches a threshold, a comment is held or rejected for it."""

    title: Annotated[Words, Meta(description="The rule's name, as readers and moderators see it.")]
    score: Annotated[str, Meta(description="The score that the rule looks at.")]
    hold: Annotated[Unit, Meta(description="From this score on, a person decides.")]
    reject: Annotated[Unit | None, Meta(description="From this score on, the machine rejects. Absent: never.")] = None
    sections: Annotated[tuple[str, ...], Meta(description="The sections it applies to. Empty: all.")] = ()
    hold_in: Annotated[
        dict[str, Unit],
        Meta(description='Another `hold` for some sections, by their names; of stories without one, "".'),
    ] = msgspec.field(default_factory=dict)
    for_readers: Annotated[Words, Meta(description="The rule in the reader's words; the FAQ shows it.")]
    for_moderators: Annotated[Words, Meta(description="What moderators should weigh; the desk shows it.")]
    explanation: Annotated[
        Words,
        Meta(description="The sentence an author reads. May use {excerpt}, {evidence} and {story}."),
    ]
    unchecked: Annotated[
        Literal["hold", "ignore"],
        Meta(description="What to do when the score could not be computed."),
    ] = "hold"
    ignore_unchecked: Annotated[
        tuple[Literal["no_story", "story_language_unsupported", "language_unsupported"], ...],
        Meta(description='Causes for which the rule does not hold, although `unchecked` is "hold".'),
    ] = ()
    background: Annotated[bool, Meta(description="Counted and shown, but not acted upon.")] = False
    statement: Annotated[
        StatementTerms, Meta(description="How the rule is named in the EU's statements of reasons.")
    ] = UNMAPPED
    desk: Annotated[
        Literal["moderators", "newsroom", "corrections"],
        Meta(description="Who reads what the rule holds, or what it notes in the background."),
    ] = "moderators"

    def applies_to(self, section: str) -> bool:
        """Say whether the rule applies in this section."""
        return not self.sections or section in self.sections

    def hold_from(self, section: str) -> float:
        """Return the score in [0, 1] from which a person decides in this section."""
        return self.hold_in.get(section, self.hold)

    def reject_from(self, section: str) -> float | None:
        """Return the score in [0, 1] from which the machine rejects in this section; never below `hold` there."""
        return None if self.reject is None else max(self.reject, self.hold_from(section))

    @property
    def is_on_trial(self) -> bool:
        """Whether it is only counted: it holds nothing, and lists nothing for another desk."""
        return self.background and self.desk == DESKS[0]

    @property
    def stands_for_off_topic(self) -> bool:
        """Whether it says what a comment is instead of off topic, and somebody acts on it."""
        return self.score in TOPIC_KINDS and not self.is_on_trial

    def holds_unchecked(self, cause: str) -> bool:
        """Say whether a comment is held whose score could not be computed for this cause."""
        return self.unchecked == "hold" and cause not in self.ignore_unchecked


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the signals need to know of the newsroom."""

    languages: Annotated[
        tuple[Annotated[str, Meta(pattern="^[a-z]{2}$")], ...],
        Meta(min_length=1, description="The languages of the site, ISO 639-1, the main one first."),
    ] = ("en",)
    region: Annotated[
        str,
        Meta(
            pattern="^[A-Z]{2}$",
            description="ISO 3166-1 country whose telephone numbers are written without +.",
        ),
    ] = "GB"
    max_links: Annotated[int, Meta(ge=0, le=50, description="Links a comment may hold before a person looks.")] = 2
    own_domains: Annotated[
        tuple[str, ...], Meta(description="Domains that do not count as links: the newsroom's own.")
    ] = ()
    banned_words: Annotated[Terms, Meta(description="Words and phrases never wanted here.")] = ()
    watched_words: Annotated[Terms, Meta(description="Words and phrases that a person should see.")] = ()
    signal_timeout_ms: Annotated[
        int,
        Meta(ge=1, le=60_000, description="Time after which a signal counts as unchecked, in milliseconds."),
    ] = 2_000
    audit_share: Annotated[
        Unit, Meta(description="The share of the machine's decisions that a person reviews without seeing them.")
    ] = 0.02
    appeal_days: Annotated[
        int, Meta(ge=183, le=3_650, description="So many days a decision can be contested; half a year at least.")
    ] = 183
    nudge: Annotated[
        bool, Meta(description="Tell authors once, before they post, that their comment would be held, and why.")
    ] = True


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A newsroom's policy; `version` names exactly this text."""

    name: str
    sentence: str
    """What stands under every article."""
    rules: dict[str, Rule]
    settings: Settings = Settings()
    digest: str = ""

    @property
    def version(self) -> str:
        """The name and the first 12 hexadecimal digits of the text's SHA-256."""
        slug = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")
        return f"{slug}@{self.digest[:12]}"


class _Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[Words, Meta(description="The policy's name.")]
    sentence: Annotated[Words, Meta(description="The sentence under every article.")]


class PolicyFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of the TOML file; `policy_schema` is made of it."""

    policy: _Head
    settings: Settings = Settings()
    rules: Annotated[dict[Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$")], Rule], Meta(min_length=1)]


def policy_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a policy file."""
    schema = msgspec.json.schema(PolicyFile)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Belowline policy"
    schema["$defs"]["Rule"]["properties"]["score"]["enum"] = list(SCORE_NAMES)
    terms = schema["$defs"]["StatementTerms"]["properties"]
    terms["category"]["enum"], terms["keyword"]["enum"] = list(CATEGORIES), list(KEYWORDS)
    return schema


def default_policy_text() -> str:
    """Return the TOML text of the policy for a general newspaper that is shipped."""
    return resources.files("belowline.engine").joinpath("default_policy.toml").read_text("utf-8")


def load_policy(path: Path | str | None = None) -> Policy:
    """Read the policy from a file, or the shipped one.

    Raises:
        PolicyError: the file is missing or wrong; the message names line, key and the mend.
    """
    if path is None:
        return parse_policy(default_policy_text())
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise PolicyError(f"{path} cannot be read ({error}); give the path of a UTF-8 TOML file") from error
    return parse_policy(text)


def parse_policy(text: str) -> Policy:
    """Turn the TOML text of a policy into a Policy.

    Raises:
        PolicyError: the text is wrong; the message names line, key and the mend.
    """
    if len(text) > MAX_POLICY_CHARACTERS:
        raise PolicyError(f"the file is longer than {MAX_POLICY_CHARACTERS} characters; shorten it")
    try:
        digest = hashlib.sha256(text.encode()).hexdigest()
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # half a surrogate pair, endless digits or brackets too
        raise PolicyError(f"this is not TOML: {error}", line=_line_said(error, text)) from error
    top = _convert(tree, PolicyFile, (), text, only={"policy", "settings", "rules"})
    if not isinstance(top.get("rules"), dict) or not top["rules"]:
        raise PolicyError(
            "there is no rule; add a table such as [rules.off_topic]",
            key="rules",
            line=_line_of(text, ("rules",)),
        )
    head = _struct(top.get("policy"), _Head, ("policy",), text)
    settings = _struct(top.get("settings", {}), Settings, ("settings",), text)
    rules = {code: _rule(code, table, text) for code, table in top["rules"].items()}
    return Policy(name=head.name, sentence=head.sentence, rules=rules, settings=settings, digest=digest)


def _convert(
    tree: dict[str, Any], struct: type, path: tuple[str, ...], text: str, only: set[str] | None = None
) -> dict[str, Any]:
    known = only or {field.name for field in msgspec.structs.fields(struct)}
    for key in tree:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            mend = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(sorted(known))}"
            raise PolicyError(f"unknown key; {mend}", key=".".join((*path, key)), line=_line_of(text, (*path, key)))
    return tree


def _struct(table: Any, struct: type[Any], path: tuple[str, ...], text: str) -> Any:
    if not isinstance(table, dict):
        raise PolicyError(f"a table [{'.'.join(path)}] is needed", key=".".join(path), line=_line_of(text, path))
    _convert(table, struct, path, text)
    for field in msgspec.structs.fields(struct):
        if field.required and field.name not in table:
            raise PolicyError(f"`{field.name}` is missing; add it", key=".".join(path), line=_line_of(text, path))
    try:
        return msgspec.convert(table, struct, strict=True)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        key = where.rstrip("`").lstrip(".").split("[")[0]
        full = (*path, key) if key else path
        raise PolicyError(
            f"wrong value: {message[0].lower()}{message[1:]}", key=".".join(full), line=_line_of(text, full)
        ) from error


def _rule(code: str, table: Any, text: str) -> Rule:
    path = ("rules", code)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", code):
        raise PolicyError(
            "a rule's code is lower case letters, digits and _",
            key=f"rules.{code}",
            line=_line_of(text, path),
        )
    if isinstance(table, dict) and "statement" in table:
        # First, so that what is wrong in it is named by its own key.
        _check_terms(
            _struct(table["statement"], StatementTerms, (*path, "statement"), text), (*path, "statement"), text
        )
    rule: Rule = _struct(table, Rule, path, text)

    def refuse(key: str, message: str) -> PolicyError:
        return PolicyError(message, key=f"rules.{code}.{key}", line=_line_of(text, (*path, key)))

    if rule.score not in SCORE_NAMES:
        raise refuse("score", f"there is no score `{rule.score}`; {_mend(rule.score, SCORE_NAMES, 'scores')}")
    if rule.reject is not None and rule.score in NEVER_REJECTED:
        raise refuse("reject", f"`{rule.score}` is never rejected by machine; remove `reject`, a person decides")
    if rule.reject is not None and rule.reject < rule.hold:
        raise refuse("reject", f"must not be below `hold` ({rule.hold}); raise it or remove it")
    for section in rule.hold_in:
        if not rule.applies_to(section):
            raise refuse("hold_in", f"`sections` has no `{section}`, so the rule never looks there; remove it here")
    if problem := _explanation_problem(rule.explanation):
        raise refuse("explanation", problem)
    return rule


def _check_terms(terms: StatementTerms, path: tuple[str, ...], text: str) -> None:
    def refuse(key: str, message: str) -> PolicyError:
        return PolicyError(message, key=".".join((*path, key)), line=_line_of(text, (*path, key)))

    for key, kind, known in (("category", "categories", CATEGORIES), ("keyword", "keywords", KEYWORDS)):
        if (word := getattr(terms, key)) not in known:
            raise refuse(key, f"there is no {key} `{word}`; {_mend(word, known, kind)}")
    if terms.keyword_text and terms.keyword != OTHER:
        raise refuse("keyword_text", f"goes with the keyword `{OTHER}` alone; remove it")
    if terms.illegal and not terms.legal_ground.strip():
        raise refuse(
            "legal_ground", "`illegal = true` needs the law; name it, such as “section 185 of the Criminal Code”"
        )
    if terms.legal_ground and not terms.illegal:
        raise refuse("legal_ground", "goes with `illegal = true` alone; add that, or remove it")


def _mend(word: str, known: tuple[str, ...], kind: str) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known {kind}: {', '.join(known)}"


def _explanation_problem(explanation: str) -> str | None:
    """Return what would keep the sentence from being filled in, and the mend."""
    try:
        parts = [part for part in string.Formatter().parse(explanation) if part[1] is not None]
    except ValueError as error:
        return f"{error}; write a literal brace twice"
    for _, name, form, conversion in parts:
        if name not in EXPLANATION_FIELDS:
            return f"unknown field {{{name}}}; known: {{excerpt}}, {{evidence}}, {{story}}"
        if form or conversion:
            return f"write {{{name}}} alone, without `:` or `!`"
    return None


def _line_said(error: Exception, text: str) -> int | None:
    """Return the line that the TOML reader names in its message."""
    if found := re.search(r"at line (\d+)", str(error)):
        return int(found[1])
    return text.count("\n", 0, len(text.rstrip())) + 1 if "end of document" in str(error) else None


def _line_of(text: str, path: tuple[str, ...]) -> int | None:
    """Return the line (from 1) where a dotted key stands, or that of its nearest table."""
    table: tuple[str, ...] = ()
    best: tuple[int, int] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            here = table
        elif key := re.match(r"\s*([A-Za-z0-9_.\"'-]+)\s*=", line):
            here = (*table, *(part.strip("\"'") for part in key[1].split(".")))
        else:
            continue
        if here == path:
            return number
        depth = len(here)
        if here == path[:depth] and (best is None or depth > best[0]):
            best = (depth, number)
    return best[1] if best else None
