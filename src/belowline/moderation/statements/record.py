"""One statement of reasons as the EU's Transparency Database takes it: its fields, its check, its JSON Schema.

The fields, lists and limits are those of the database's API since 1 July 2025. A field that does not apply is left out.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from belowline.engine.statement_terms import CATEGORIES, KEYWORDS

CATEGORY_PREFIX, KEYWORD_PREFIX = "STATEMENT_CATEGORY_", "KEYWORD_"
ILLEGAL, INCOMPATIBLE = "DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"
EEA = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT"),
    *("LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
)
"""The countries of the European Economic Area, ISO 3166-1."""
LISTS = {
    "category": [CATEGORY_PREFIX + word for word in CATEGORIES],
    "category_addition": [CATEGORY_PREFIX + word for word in CATEGORIES],
    "category_specification": [KEYWORD_PREFIX + word for word in KEYWORDS],
    "territorial_scope": list(EEA),
}
"""Values of fields whose lists stand elsewhere."""

Text500 = Annotated[str, Meta(min_length=1, max_length=500)]
Text2000 = Annotated[str, Meta(min_length=1, max_length=2_000)]
_DAY = "(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
AnyDay = Annotated[str, Meta(pattern=f"^20[0-3][0-9]-{_DAY}")]
ApplicationDay = Annotated[str, Meta(pattern=f"^20[23][0-9]-{_DAY}")]
YesNo = Literal["Yes", "No"]
Visibility = Literal[
    "DECISION_VISIBILITY_CONTENT_REMOVED",
    "DECISION_VISIBILITY_CONTENT_DISABLED",
    "DECISION_VISIBILITY_CONTENT_DEMOTED",
    "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
    "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
    "DECISION_VISIBILITY_CONTENT_LABELLED",
    "DECISION_VISIBILITY_OTHER",
]
Monetary = Literal["DECISION_MONETARY_SUSPENSION", "DECISION_MONETARY_TERMINATION", "DECISION_MONETARY_OTHER"]
Provision = Literal[
    "DECISION_PROVISION_PARTIAL_SUSPENSION",
    "DECISION_PROVISION_TOTAL_SUSPENSION",
    "DECISION_PROVISION_PARTIAL_TERMINATION",
    "DECISION_PROVISION_TOTAL_TERMINATION",
]
Account = Literal["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"]
ContentType = Literal[
    "CONTENT_TYPE_TEXT",
    "CONTENT_TYPE_IMAGE",
    "CONTENT_TYPE_VIDEO",
    "CONTENT_TYPE_AUDIO",
    "CONTENT_TYPE_APP",
    "CONTENT_TYPE_PRODUCT",
    "CONTENT_TYPE_SYNTHETIC_MEDIA",
    "CONTENT_TYPE_OTHER",
]
SourceType = Literal[
    "SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"
]
AutomatedDecision = Literal[
    "AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_PARTIALLY", "AUTOMATED_DECISION_NOT_AUTOMATED"
]
Some = Meta(min_length=1)


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One statement of reasons; no personal data in any field."""

    decision_facts: Annotated[str, Meta(min_length=1, max_length=5_000)]
    decision_ground: Literal["DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"]
    category: str
    content_type: Annotated[tuple[ContentType, ...], Some]
    content_date: AnyDay
    application_date: ApplicationDay
    source_type: SourceType
    automated_detection: YesNo
    automated_decision: AutomatedDecision
    puid: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]+$", max_length=500)]
    decision_visibility: Annotated[tuple[Visibility, ...], Some] | None = None
    decision_visibility_other: Text500 | None = None
    decision_monetary: Monetary | None = None
    decision_monetary_other: Text500 | None = None
    decision_provision: Provision | None = None
    decision_account: Account | None = None
    account_type: Literal["ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"] | None = None
    decision_ground_reference_url: Annotated[str, Meta(pattern="^https?://[^ ]+$", max_length=500)] | None = None
    illegal_content_legal_ground: Text500 | None = None
    illegal_content_explanation: Text2000 | None = None
    incompatible_content_ground: Text500 | None = None
    incompatible_content_explanation: Text2000 | None = None
    incompatible_content_illegal: YesNo | None = None
    content_type_other: Text500 | None = None
    category_addition: tuple[str, ...] | None = None
    category_specification: tuple[str, ...] | None = None
    category_specification_other: Text500 | None = None
    territorial_scope: tuple[str, ...] | None = None
    content_language: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    end_date_visibility_restriction: AnyDay | None = None
    end_date_monetary_restriction: AnyDay | None = None
    end_date_service_restriction: AnyDay | None = None
    end_date_account_restriction: AnyDay | None = None
    source_identity: Text500 | None = None
    content_id: Annotated[str, Meta(pattern="^[0-9]{13}$")] | None = None
    """EAN-13: products alone have one."""

    def as_record(self) -> dict[str, Any]:
        """Return what is sent and written: plain JSON values, without the fields that do not apply."""
        record: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return record


DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
FIELDS = tuple(field.name for field in msgspec.structs.fields(Statement))
CONDITIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("decision_ground", ILLEGAL, ("illegal_content_legal_ground", "illegal_content_explanation")),
    ("decision_ground", INCOMPATIBLE, ("incompatible_content_ground", "incompatible_content_explanation")),
    ("decision_visibility", "DECISION_VISIBILITY_OTHER", ("decision_visibility_other",)),
    ("decision_monetary", "DECISION_MONETARY_OTHER", ("decision_monetary_other",)),
    ("content_type", "CONTENT_TYPE_OTHER", ("content_type_other",)),
    ("category_specification", "KEYWORD_OTHER", ("category_specification_other",)),
)
"""Where a field has (or, being a list, holds) the value, the others are needed."""


def problems_of(record: dict[str, Any]) -> list[str]:
    """Say what is wrong with a record; an empty list: the database would take it."""
    try:
        statement = msgspec.convert(record, Statement)
    except msgspec.ValidationError as error:
        return [str(error)]
    found = [
        f"{field}: there is no {value}"
        for field, known in LISTS.items()
        for value in _values(getattr(statement, field))
        if value not in known
    ]
    if not any(getattr(statement, field) for field in DECISIONS):
        found.append(f"one of {', '.join(DECISIONS)} is needed")
    found += [
        f"{needed}: needed with {value}"
        for field, value, others in CONDITIONS
        if value in _values(getattr(statement, field))
        for needed in others
        if getattr(statement, needed) is None
    ]
    found += [
        f"{field}: before the application date"
        for field in FIELDS
        if field.startswith("end_date_") and (getattr(statement, field) or "9") < statement.application_date
    ]
    return found


def _values(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def statement_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a record: what `problems_of` checks, but the order of two dates."""
    schema = msgspec.json.schema(Statement)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Statement of reasons for the DSA Transparency Database"
    properties = schema["$defs"]["Statement"]["properties"]
    for field, known in LISTS.items():
        properties[field] = _limited(properties[field], known)
    schema["$defs"]["Statement"]["anyOf"] = [_present(field) for field in DECISIONS]
    schema["$defs"]["Statement"]["allOf"] = [
        {"if": _having(field, value), "then": {"allOf": [_present(needed) for needed in others]}}
        for field, value, others in CONDITIONS
    ]
    return schema


def _limited(described: dict[str, Any], known: list[str]) -> dict[str, Any]:
    if "anyOf" in described:
        return described | {"anyOf": [_limited(part, known) for part in described["anyOf"]]}
    if described.get("type") == "array":
        return described | {"items": {"enum": known}}
    return described | {"enum": known} if described.get("type") == "string" else described


def _present(field: str) -> dict[str, Any]:
    return {"required": [field], "properties": {field: {"not": {"type": "null"}}}}


def _having(field: str, value: str) -> dict[str, Any]:
    holds = {"type": "array", "contains": {"const": value}}
    return {"required": [field], "properties": {field: {"anyOf": [{"const": value}, holds]}}}
