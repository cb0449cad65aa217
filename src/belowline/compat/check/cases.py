"""The cases: what is sent, and what the contract says of the answer. Data only."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from belowline.compat.check.expected import OWN_ADDRESS, Expected, Spans

type_of_body = dict[str, Any]

PLAIN = "The council has decided to keep the old harbour bridge open for another year."
INSULT = "You are a complete idiot and everybody in this town knows it."
GREEK = "Το δημοτικό συμβούλιο αποφάσισε να κρατήσει ανοιχτή την παλιά γέφυρα του λιμανιού."
CHEROKEE = "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ᎠᏂᏴᏫᏯ ᎤᏂᎦᏚ ᎠᎴ ᎤᏁᎳᎩ"
EMOJI = "😀 What a fine morning this is! You are a complete idiot, and a liar 😀."
EMOJI_UNITS = len(EMOJI.encode("utf-16-le")) // 2
MAX_BYTES = 20_480
ENTRY_BYTES = 1_000_000
TOKEN = "belowline-compat-check"  # noqa: S105 - an opaque name that the answer repeats
PRODUCTION = ("TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT")
ATTRIBUTES = (*PRODUCTION, *(f"{name}_EXPERIMENTAL" for name in PRODUCTION), "SEXUALLY_EXPLICIT")
ERROR_TYPE = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
INFO_TYPE = "type.googleapis.com/google.rpc.ErrorInfo"
SERVICE = "commentanalyzer.googleapis.com"
SCHEMAS = (
    "TextEntry",
    "ArticleAndParentComment",
    "Context",
    "AttributeParameters",
    "Score",
    "SpanScore",
    "AttributeScores",
    "AnalyzeCommentRequest",
    "AnalyzeCommentResponse",
    "SuggestCommentScoreRequest",
    "SuggestCommentScoreResponse",
)
ANALYZE = "v1alpha1/comments:analyze"
SUGGEST = "v1alpha1/comments:suggestscore"
DISCOVERY = "$discovery/rest"


class Case(NamedTuple):
    """One call, and what the contract says of the answer."""

    group: str
    name: str
    expected: Expected
    body: type_of_body | bytes = {}
    path: str = ANALYZE
    method: str = "POST"
    query: Mapping[str, str] = {}
    content_type: str = "application/json"
    key: str | None = None
    """Sent instead of the caller's own key; None: that one."""
    needs_key: bool = False
    """Whether it says anything only where the server asks for keys."""
    is_extra: bool = False
    """Whether it is Belowline's own, and no part of the contract."""


def analyze(text: str = PLAIN, attributes: tuple[str, ...] = ("TOXICITY",), **more: Any) -> type_of_body:
    """Return a request; languages are given unless `languages=None` says otherwise."""
    body = {"comment": {"text": text}, "requestedAttributes": {name: {} for name in attributes}, "languages": ["en"]}
    return {name: value for name, value in (body | more).items() if value is not None}


def error(message: str, error_type: str, **detail: Any) -> Expected:
    """Return the whole error body of the contract."""
    details = [{"@type": ERROR_TYPE, "errorType": error_type, **detail}]
    body = {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT", "details": details}}
    return Expected((400,), {"": body})


def invalid(message: str) -> Expected:
    """Return the error body of INVALID_REQUEST with this message."""
    return error(message, "INVALID_REQUEST")


def language_error(message: str, inner: str, languages: list[str]) -> Expected:
    """Return the error body for languages that TOXICITY does not read."""
    detail = {inner: languages, "attribute": "TOXICITY"}
    kind = "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    return error(f"{LANGUAGES_REFUSED}{message}", kind, languageNotSupportedByAttributeError=detail)


LANGUAGES_REFUSED = "Attribute TOXICITY does not support request languages: "
EMPTY = error("Comment must be non-empty.", "COMMENT_EMPTY")
TOO_LONG = error("Comment text too long.", "COMMENT_TOO_LONG")
NO_ATTRIBUTES = error("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")
ANY_INVALID = Expected(
    (400,),
    {"error code": 400, "error status": "INVALID_ARGUMENT", "error details 0 errorType": "INVALID_REQUEST"},
    {"error message": "a text"},
)
SCORED = Expected(
    values={"attributeScores TOXICITY summaryScore type": "PROBABILITY"},
    kinds={"attributeScores TOXICITY summaryScore value": "a score", "languages": "a list with a text"},
)
BOTH_CONTEXTS = "Context can have either entries or article_and_parent_comment, but both fields were populated."


def _typed(kind: Any) -> type_of_body:
    return analyze(comment={"text": PLAIN, "type": kind})


def errors() -> Iterator[Case]:
    """Every error of section 5 that a request can bring about without disturbing the server."""
    wrong_type = "Requested score type {} is not supported by attribute TOXICITY"
    both = {"entries": [{"text": "An article."}], "articleAndParentComment": {"article": {"text": "An article."}}}
    table: tuple[tuple[str, Expected, type_of_body | bytes], ...] = (
        ("no comment", EMPTY, analyze(comment=None)),
        ("an empty comment", EMPTY, analyze("")),
        ("no requestedAttributes", NO_ATTRIBUTES, analyze(requestedAttributes=None)),
        ("empty requestedAttributes", NO_ATTRIBUTES, analyze(attributes=())),
        ("an unknown attribute", invalid("Unknown requested attribute: NICENESS"), analyze(attributes=("NICENESS",))),
        *(
            (f"score type {kind}", invalid(wrong_type.format(kind)), analyze(requestedAttributes=_asking(kind)))
            for kind in ("STD_DEV_SCORE", "PERCENTILE", "RAW")
        ),
        ("an HTML comment", invalid("Currently, only 'PLAIN_TEXT' comments are supported"), _typed("HTML")),
        ("an unknown text type", invalid("Unknown text type"), _typed("MARKDOWN")),
        ("both forms of context", invalid(BOTH_CONTEXTS), analyze(context=both)),
        ("an unsupported language", language_error("om", "requestedLanguages", ["om"]), analyze(languages=["om"])),
        ("one language of two unsupported", LANGUAGE_MESSAGE, analyze(languages=["en", "om"])),
        ("two unsupported languages", LANGUAGE_MESSAGE, analyze(languages=["om", "ti"])),
        ("a detected language", language_error("el", "detectedLanguages", ["el"]), analyze(GREEK, languages=None)),
        ("no language", LANGUAGE_UNKNOWN, analyze(CHEROKEE, languages=None)),
        ("an unknown field", ANY_INVALID, analyze() | {"doNotStroe": True}),
        ("a comment that is a text", ANY_INVALID, analyze() | {"comment": PLAIN}),
        ("a body that is a list", ANY_INVALID, b"[]"),
        ("a body that is no JSON", ANY_INVALID, b"comment=You"),
    )
    for name, expected, body in table:
        yield Case("errors", name, expected, body)


def _asking(kind: str) -> type_of_body:
    return {"TOXICITY": {"scoreType": kind}}


LANGUAGE_MESSAGE = Expected(
    (400,),
    {"error details 0 errorType": "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"},
    {"error message": "the language message"},
)
LANGUAGE_UNKNOWN = error("Unable to detect language", "LANGUAGE_DETECTION_FAILED")


def keys_and_methods() -> Iterator[Case]:
    """Calls without a right key, with another HTTP method, and of methods that are none."""
    info = {"@type": INFO_TYPE, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
    details = [info | {"metadata": {"service": SERVICE}}]
    message = "API key not valid. Please pass a valid API key."
    body = {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT", "details": details}}
    refused = Expected((403,), {"error status": "PERMISSION_DENIED"}, {"error details 0": "an object"})
    for path in (ANALYZE, SUGGEST):
        name = path.partition(":")[2]
        yield Case(
            "keys", f"{name}, a wrong key", Expected((400,), {"": body}), analyze(), path, key="x", needs_key=True
        )
        yield Case("keys", f"{name}, no key", refused, analyze(), path, key="", needs_key=True)
        yield Case("methods", f"GET {name}", Expected((404, 405)), b"", path, "GET")
    yield Case("methods", "a method that is none", Expected((404,)), analyze(), "v1alpha1/comments:praise")


def _filled(size: int, filler: str = "x") -> str:
    """Return an English comment of `size` bytes."""
    start = (PLAIN + " ") * 20
    rest = size - len(start)
    width = len(filler.encode())
    return start + filler * (rest // width) + "x" * (rest % width)


def limits() -> Iterator[Case]:
    """Texts of just the greatest length, and beyond."""
    for name, filler in (("", "x"), (" of two-byte characters", "é"), (" of emojis", "😀")):
        yield Case("limits", f"{MAX_BYTES} bytes{name}", SCORED, analyze(_filled(MAX_BYTES, filler)))
        yield Case("limits", f"{MAX_BYTES + 1} bytes{name}", TOO_LONG, analyze(_filled(MAX_BYTES + 1, filler)))
    long = {"entries": [{"text": _filled(ENTRY_BYTES)}]}
    longer = {"entries": [{"text": _filled(2**20 + 1)}]}
    yield Case("limits", "an entry of 1 MB", SCORED, analyze(context=long))
    yield Case("limits", "an entry of more than 1 MB", ANY_INVALID, analyze(context=longer))


def lenient() -> Iterator[Case]:
    """Requests as careless clients send them."""
    unquoted = b'{comment: {text: "' + PLAIN.encode() + b'"}, languages: ["en"], requestedAttributes: {TOXICITY:{}} }'
    snake = {"comment": {"text": PLAIN}, "requested_attributes": {"TOXICITY": {"score_type": "PROBABILITY"}}}
    nulls = analyze() | {"context": None, "clientToken": None, "doNotStore": None}
    yield Case("lenient", "an empty body", EMPTY, b"")
    yield Case("lenient", "unquoted keys", SCORED, unquoted)
    yield Case("lenient", "no Content-Type", SCORED, analyze(), content_type="")
    yield Case("lenient", "a form's Content-Type", SCORED, analyze(), content_type="application/x-www-form-urlencoded")
    yield Case("lenient", "snake_case", SCORED, snake)
    yield Case("lenient", "null for what is absent", SCORED, nulls)
    yield Case("lenient", "an enumeration as a number", SCORED, _typed(1))


def replies() -> Iterator[Case]:
    """What an answer has, repeats and leaves out."""
    echo = Expected(values={"clientToken": TOKEN, "languages": ["en"]}, kinds={"detectedLanguages": "a list of texts"})
    below = Expected(kinds={"attributeScores": "absent", "languages": "a list with a text"})
    one_below = Expected(
        kinds={"attributeScores TOXICITY": "absent", "attributeScores INSULT summaryScore value": "a score"}
    )
    both = {"TOXICITY": {"scoreThreshold": 1}, "INSULT": {"scoreThreshold": 0}}
    article = {"articleAndParentComment": {"article": {"text": PLAIN}, "parentComment": {"text": INSULT}}}
    opaque: type_of_body = {"sessionId": "s", "communityId": "c", "doNotStore": True}
    table = (
        ("a score", SCORED, analyze(INSULT)),
        ("clientToken and languages repeated", echo, analyze(clientToken=TOKEN)),
        ("no clientToken", Expected(kinds={"clientToken": "absent"}), analyze()),
        (
            "languages detected",
            Expected(values={"languages": ["en"], "detectedLanguages 0": "en"}),
            analyze(languages=None),
        ),
        ("languages in BCP-47", Expected(values={"languages": ["en-GB"]}), analyze(languages=["en-GB"])),
        ("all below their threshold", below, analyze(requestedAttributes={"TOXICITY": {"scoreThreshold": 1}})),
        ("one below its threshold", one_below, analyze(requestedAttributes=both)),
        ("opaque fields", SCORED, analyze(**opaque)),
        ("context by entries", SCORED, analyze(context={"entries": [{"text": PLAIN}, {"text": INSULT}]})),
        ("context by name", SCORED, analyze(context=article)),
    )
    for name, expected, body in table:
        yield Case("replies", name, expected, body)


def spans() -> Iterator[Case]:
    """Passages in UTF-16 units."""
    whole = Expected(spans=Spans(1, EMOJI_UNITS, is_whole=True))
    sentences = Expected(spans=Spans(2, EMOJI_UNITS))
    yield Case("spans", "the whole comment", whole, analyze(EMOJI))
    yield Case("spans", "spanAnnotations: false", whole, analyze(EMOJI, spanAnnotations=False))
    yield Case("spans", "each sentence", sentences, analyze(EMOJI, spanAnnotations=True))


def attributes() -> Iterator[Case]:
    """Every attribute that clients ask for."""
    for name in ATTRIBUTES:
        path = f"attributeScores {name} summaryScore"
        expected = Expected(values={f"{path} type": "PROBABILITY"}, kinds={f"{path} value": "a score"})
        yield Case("attributes", name, expected, analyze(INSULT, (name,)))
    all_at_once = Expected(kinds={f"attributeScores {name} summaryScore value": "a score" for name in PRODUCTION})
    yield Case("attributes", "the production attributes at once", all_at_once, analyze(INSULT, PRODUCTION))


def suggestions() -> Iterator[Case]:
    """The rules of comments:suggestscore; the one suggestion that is kept replaces itself when repeated."""
    right = {"TOXICITY": {"summaryScore": {"value": 0}}}
    kept = Expected(
        values={"clientToken": TOKEN, "requestedLanguages": ["en"]}, kinds={"detectedLanguages": "a list of texts"}
    )
    span = {"begin": 0, "end": 3, "score": {"value": 1}}
    no_begin = {name: value for name, value in span.items() if name != "begin"}
    table: tuple[tuple[str, Expected, type_of_body], ...] = (
        ("a suggestion", kept, right),
        ("a suggestion with a span", kept, {"TOXICITY": {"summaryScore": {"value": 1}, "spanScores": [span]}}),
        ("no scores", ANY_INVALID, {}),
        ("an attribute without scores", ANY_INVALID, {"TOXICITY": {}}),
        ("a score without a value", ANY_INVALID, {"TOXICITY": {"summaryScore": {}}}),
        ("a span without begin", ANY_INVALID, {"TOXICITY": {"spanScores": [no_begin]}}),
    )
    for name, expected, scores in table:
        body = {"comment": {"text": PLAIN}, "attributeScores": scores, "languages": ["en"], "clientToken": TOKEN}
        yield Case("suggestscore", name, expected, body, SUGGEST)
    yield Case("suggestscore", "no comment", EMPTY, {"attributeScores": right}, SUGGEST)


def discovery() -> Iterator[Case]:
    """The keys of section 7."""
    constants = {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "protocol": "rest",
        "id": "commentanalyzer:v1alpha1",
        "name": "commentanalyzer",
        "version": "v1alpha1",
        "version_module": True,
        "title": "Perspective Comment Analyzer API",
        "servicePath": "",
        "basePath": "",
        "batchPath": "batch",
    }
    scopes = {"auth oauth2 scopes https://www.googleapis.com/auth/userinfo.email": "an object"}
    parameters = ("key", "alt", "prettyPrint", "fields", "quotaUser", "$.xgafv")
    table = (
        ("constants", Expected(values=constants, kinds=scopes)),
        ("its own address", Expected(values={"rootUrl": OWN_ADDRESS, "baseUrl": OWN_ADDRESS})),
        ("parameters", Expected(values={f"parameters {name} location": "query" for name in parameters})),
        ("schemas", Expected(kinds={f"schemas {name} properties": "an object" for name in SCHEMAS})),
        ("analyze", _described("analyze", "AnalyzeComment")),
        ("suggestscore", _described("suggestscore", "SuggestCommentScore")),
    )
    for name, expected in table:
        yield Case("discovery", name, expected, b"", DISCOVERY, "GET", {"version": "v1alpha1"})
    escaped = Expected(values={"name": "commentanalyzer"})
    yield Case("discovery", "%24discovery", escaped, b"", "%24discovery/rest", "GET", {"version": "v1alpha1"})


def _described(name: str, message: str) -> Expected:
    at = f"resources comments methods {name}"
    path = f"v1alpha1/comments:{name}"
    values = {
        f"{at} id": f"commentanalyzer.comments.{name}",
        f"{at} path": path,
        f"{at} flatPath": path,
        f"{at} httpMethod": "POST",
        f"{at} request": {"$ref": f"{message}Request"},
        f"{at} response": {"$ref": f"{message}Response"},
    }
    return Expected(values=values, kinds={f"{at} parameters": "an object"})


def parameters() -> Iterator[Case]:
    """The query parameters that every method of Google's has."""
    table: tuple[tuple[str, type_of_body, Expected], ...] = (
        ("fields", {"fields": "languages"}, Expected(values={"": {"languages": ["en"]}})),
        ("alt=json", {"alt": "json"}, SCORED),
        ("prettyPrint", {}, Expected(text=r"\{\n +\"")),
        ("prettyPrint=false", {"prettyPrint": "false"}, Expected(text=r'\{"[^\n]+$')),
        (
            "callback",
            {"callback": "show"},
            Expected(text=r"(//.*\n)?show\(\{", headers={"Content-Type": ".*javascript.*"}),
        ),
        ("quotaUser and $.xgafv", {"quotaUser": "reader-1", "$.xgafv": "2"}, SCORED),
    )
    for name, query, expected in table:
        yield Case("parameters", name, expected, analyze(), query=query)


def extras() -> Iterator[Case]:
    """What Belowline serves beyond the contract."""
    versioned = Expected(kinds={"attributeScores TOXICITY@1 summaryScore value": "a score"})
    off_topic = Expected(kinds={"attributeScores OFF_TOPIC summaryScore value": "a score"})
    batch = Expected(
        kinds={"responses 0 attributeScores TOXICITY summaryScore value": "a score"},
        values={"responses 1 error details 0 errorType": "COMMENT_EMPTY"},
    )
    limits = {"RateLimit": r'".+";r=\d+;t=\d+', "RateLimit-Policy": r'".+";q=\d+;w=\d+'}
    article = {"entries": [{"text": f"Harbour bridge stays open\n{PLAIN}"}]}
    yield Case("extra", "a version", versioned, analyze(attributes=("TOXICITY@1",)), is_extra=True)
    yield Case("extra", "OFF_TOPIC", off_topic, analyze(attributes=("OFF_TOPIC",), context=article), is_extra=True)
    path = "v1alpha1/comments:batchAnalyze"
    yield Case("extra", "a batch", batch, {"requests": [analyze(), analyze("")]}, path, is_extra=True)
    yield Case("extra", "RateLimit headers", Expected(headers=limits), analyze(), needs_key=True, is_extra=True)
    described = Expected(values={"openapi": "3.1.0"})
    yield Case("extra", "OpenAPI", described, b"", "v1alpha1/openapi.json", "GET", is_extra=True)


QUOTA_DETAIL = "error details 0 metadata"
QUOTA = Case(
    "quota",
    "over the quota",
    Expected(
        (429,),
        {
            "error code": 429,
            "error status": "RESOURCE_EXHAUSTED",
            "error details 0 @type": INFO_TYPE,
            "error details 0 reason": "RATE_LIMIT_EXCEEDED",
            "error details 0 domain": "googleapis.com",
            f"{QUOTA_DETAIL} quota_limit": "AnalyzeRequestsPerMinutePerProject",
            f"{QUOTA_DETAIL} quota_metric": "CommentAnalyzerService/analyze_requests",
            f"{QUOTA_DETAIL} quota_location": "global",
            f"{QUOTA_DETAIL} service": SERVICE,
            "error details 1 @type": "type.googleapis.com/google.rpc.Help",
            "error details 1 links 0 description": "Request a higher quota limit.",
        },
        {
            "error message": "the quota message",
            f"{QUOTA_DETAIL} quota_limit_value": "a text",
            f"{QUOTA_DETAIL} consumer": "a text",
        },
    ),
    analyze(),
    needs_key=True,
)
"""Uses the key's quota of a minute up: only on request."""
GROUPS = (
    errors,
    keys_and_methods,
    limits,
    lenient,
    replies,
    spans,
    attributes,
    suggestions,
    discovery,
    parameters,
    extras,
)


def all_cases() -> Iterator[Case]:
    """Return every case but that of the quota, in the order of the report."""
    for group in GROUPS:
        yield from group()
