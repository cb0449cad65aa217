"""What a rule says for the EU's statements of reasons: a category and a keyword of the Transparency Database.

The lists are those of the database since 1 July 2025 (Regulation (EU) 2022/2065, article 24(5); Implementing Regulation
(EU) 2024/2835 counts by the same ones). Here they stand without `STATEMENT_CATEGORY_` and `KEYWORD_`.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

CATEGORIES = (
    "ANIMAL_WELFARE",
    "CONSUMER_INFORMATION",
    "CYBER_VIOLENCE",
    "CYBER_VIOLENCE_AGAINST_WOMEN",
    "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "ILLEGAL_OR_HARMFUL_SPEECH",
    "INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
    "NOT_SPECIFIED_NOTICE",
    "OTHER_VIOLATION_TC",
    "PROTECTION_OF_MINORS",
    "RISK_FOR_PUBLIC_SECURITY",
    "SCAMS_AND_FRAUD",
    "SELF_HARM",
    "UNSAFE_AND_PROHIBITED_PRODUCTS",
    "VIOLENCE",
)
KEYWORDS = (
    "ADULT_SEXUAL_MATERIAL",
    "AGE_SPECIFIC_RESTRICTIONS",
    "AGE_SPECIFIC_RESTRICTIONS_MINORS",
    "ANIMAL_HARM",
    "BIOMETRIC_DATA_BREACH",
    "BULLYING_AGAINST_GIRLS",
    "CHILD_SEXUAL_ABUSE_MATERIAL",
    "CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE",
    "CONTENT_PROMOTING_EATING_DISORDERS",
    "COORDINATED_HARM",
    "COPYRIGHT_INFRINGEMENT",
    "CYBER_BULLYING_INTIMIDATION",
    "CYBER_HARASSMENT",
    "CYBER_HARASSMENT_AGAINST_WOMEN",
    "CYBER_INCITEMENT",
    "CYBER_STALKING",
    "CYBER_STALKING_AGAINST_WOMEN",
    "DATA_FALSIFICATION",
    "DEFAMATION",
    "DESIGN_INFRINGEMENT",
    "DISCRIMINATION",
    "FEMALE_GENDERED_DISINFORMATION",
    "GEOGRAPHICAL_REQUIREMENTS",
    "GEOGRAPHIC_INDICATIONS_INFRINGEMENT",
    "GOODS_SERVICES_NOT_PERMITTED",
    "GROOMING_SEXUAL_ENTICEMENT_MINORS",
    "HATE_SPEECH",
    "HIDDEN_ADVERTISEMENT",
    "HUMAN_EXPLOITATION",
    "HUMAN_TRAFFICKING",
    "ILLEGAL_ORGANIZATIONS",
    "IMPERSONATION_ACCOUNT_HIJACKING",
    "INAUTHENTIC_ACCOUNTS",
    "INAUTHENTIC_LISTINGS",
    "INAUTHENTIC_USER_REVIEWS",
    "INCITEMENT_AGAINST_WOMEN",
    "INCITEMENT_VIOLENCE_HATRED",
    "INSUFFICIENT_INFORMATION_ON_TRADERS",
    "LANGUAGE_REQUIREMENTS",
    "MISINFORMATION_DISINFORMATION",
    "MISLEADING_INFO_CONSUMER_RIGHTS",
    "MISLEADING_INFO_GOODS_SERVICES",
    "MISSING_PROCESSING_GROUND",
    "NONCOMPLIANCE_PRICING",
    "NON_CONSENSUAL_IMAGE_SHARING",
    "NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN",
    "NON_CONSENSUAL_MATERIAL_DEEPFAKE",
    "NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN",
    "NUDITY",
    "OTHER",
    "PATENT_INFRINGEMENT",
    "PHISHING",
    "PROHIBITED_PRODUCTS",
    "PYRAMID_SCHEMES",
    "RIGHT_TO_BE_FORGOTTEN",
    "RISK_ENVIRONMENTAL_DAMAGE",
    "RISK_PUBLIC_HEALTH",
    "SELF_MUTILATION",
    "STALKING",
    "SUICIDE",
    "TERRORIST_CONTENT",
    "TRADEMARK_INFRINGEMENT",
    "TRADE_SECRET_INFRINGEMENT",
    "TRAFFICKING_WOMEN_GIRLS",
    "UNLAWFUL_SALE_ANIMALS",
    "UNSAFE_CHALLENGES",
    "UNSAFE_PRODUCTS",
    "VIOLATION_EU_LAW",
    "VIOLATION_NATIONAL_LAW",
)
OTHER = "OTHER"
"""The keyword beside which a text says what is meant."""
MAX_TEXT_CHARACTERS = 500


class StatementTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a rule is named in a statement of reasons."""

    category: Annotated[str, Meta(description="A category of the Transparency Database, without its prefix.")]
    keyword: Annotated[str, Meta(description="A keyword of the Transparency Database, without its prefix.")] = OTHER
    keyword_text: Annotated[
        str,
        Meta(max_length=MAX_TEXT_CHARACTERS, description="What the keyword OTHER stands for. Empty: the rule's title."),
    ] = ""
    illegal: Annotated[bool, Meta(description="What breaks the rule is against the law, not only the terms.")] = False
    legal_ground: Annotated[
        str, Meta(max_length=MAX_TEXT_CHARACTERS, description="The law, where `illegal` is true: needed then.")
    ] = ""


UNMAPPED = StatementTerms(category="OTHER_VIOLATION_TC")
"""For a rule that says nothing: another violation of the terms, named by the rule's title."""
