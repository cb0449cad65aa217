"""The doors as OpenAPI 3.1, made from the messages of the discovery document."""

from typing import Any

from belowline.compat.perspective.batch import MAX_REQUESTS
from belowline.compat.perspective.discovery import METHODS, PARAMETERS, VERSION
from belowline.compat.perspective.schemas import SCHEMAS

REF = "#/components/schemas/"
BATCH = {
    "BatchAnalyzeRequest": {
        "type": "object",
        "required": ["requests"],
        "additionalProperties": False,
        "properties": {
            "requests": {
                "type": "array",
                "items": {"$ref": REF + "AnalyzeCommentRequest"},
                "minItems": 1,
                "maxItems": MAX_REQUESTS,
            }
        },
    },
    "BatchAnalyzeResponse": {
        "type": "object",
        "properties": {
            "responses": {
                "type": "array",
                "items": {"anyOf": [{"$ref": REF + "AnalyzeCommentResponse"}, {"$ref": REF + "Error"}]},
            }
        },
    },
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "status", "details"],
                "properties": {
                    "code": {"type": "integer"},
                    "message": {"type": "string"},
                    "status": {"type": "string"},
                    "details": {"type": "array", "minItems": 1, "items": {"type": "object"}},
                },
            }
        },
    },
}
ERRORS = {
    "400": "The request is wrong, or the key unknown; the message says which.",
    "403": "There is no key.",
    "429": "The key's quota for this minute is used up.",
    "503": "A score could not be computed in time.",
}

type_of_body = dict[str, Any]


def openapi_document(base_url: str) -> type_of_body:
    """Return the document for a server at `base_url`, without a slash at the end."""
    methods = METHODS | {
        "batchAnalyze": ("BatchAnalyzeRequest", "BatchAnalyzeResponse", "Scores up to 1,000 comments.")
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Belowline: the Perspective door", "version": VERSION},
        "servers": [{"url": base_url}],
        "paths": {f"/{VERSION}/comments:{name}": {"post": _operation(name, *parts)} for name, parts in methods.items()},
        "components": {"schemas": {name: _strict(one) for name, one in SCHEMAS.items()} | BATCH},
    }


def _operation(name: str, request: str, response: str, description: str) -> type_of_body:
    return {
        "operationId": name,
        "summary": description,
        "parameters": [
            {"name": parameter, "in": "query", "description": one["description"], "schema": _plain(one)}
            for parameter, one in PARAMETERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": REF + request}}}},
        "responses": {"200": _body("The answer.", response)}
        | {code: _body(meaning, "Error") for code, meaning in ERRORS.items()},
    }


def _body(description: str, schema: str) -> type_of_body:
    script = {"schema": {"type": "string", "description": "With `callback`: a call of it."}}
    content = {"application/json": {"schema": {"$ref": REF + schema}}, "text/javascript": script}
    return {"description": description, "content": content}


def _plain(parameter: type_of_body) -> type_of_body:
    return {name: parameter[name] for name in ("type", "enum") if name in parameter}


def _strict(schema: type_of_body) -> type_of_body:
    return {name: _refer(one) for name, one in schema.items() if name != "id"} | {"additionalProperties": False}


def _refer(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: REF + one if name == "$ref" else _refer(one) for name, one in value.items()}
    return [_refer(one) for one in value] if isinstance(value, list) else value
