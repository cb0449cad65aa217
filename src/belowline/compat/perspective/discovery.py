"""The discovery document, from which Google's client libraries build themselves, with this server's own address."""

from typing import Any

from belowline.compat.perspective.schemas import SCHEMAS

NAME = "commentanalyzer"
VERSION = "v1alpha1"
REVISION = "20261122"
SCOPE = "https://www.googleapis.com/auth/userinfo.email"
METHODS = {
    "analyze": ("AnalyzeCommentRequest", "AnalyzeCommentResponse", "Scores a comment."),
    "suggestscore": (
        "SuggestCommentScoreRequest",
        "SuggestCommentScoreResponse",
        "Keeps what a comment should have scored.",
    ),
}
"""Method -> request, response, description. `batchAnalyze` is ours, and no client library would know it."""

type_of_body = dict[str, Any]


def _query(description: str, **more: Any) -> type_of_body:
    return {"type": "string", "location": "query", "description": description} | more


PARAMETERS: dict[str, type_of_body] = {
    "key": _query("The API key."),
    "alt": _query("The form of the answer.", default="json", enum=["json", "media", "proto"]),
    "prettyPrint": _query("Whether the answer is indented.", type="boolean", default="true"),
    "fields": _query("The fields to answer with; absent: all."),
    "callback": _query("A function name: the answer becomes a call of it (JSONP)."),
    "access_token": _query("An API key, as an OAuth token."),
    "oauth_token": _query("An API key, as an OAuth token."),
    "quotaUser": _query("Accepted; at most 40 characters."),
    "uploadType": _query("Accepted; nothing is uploaded."),
    "upload_protocol": _query("Accepted; nothing is uploaded."),
    "$.xgafv": _query("The form of errors; both are the same here.", enum=["1", "2"]),
}


def discovery_document(base_url: str) -> type_of_body:
    """Return the document for a server at `base_url`, without a slash at the end."""
    root = f"{base_url}/"
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": f"{NAME}:{VERSION}",
        "name": NAME,
        "version": VERSION,
        "version_module": True,
        "revision": REVISION,
        "title": "Perspective Comment Analyzer API",
        "description": "Scores comments; served by Belowline.",
        "canonicalName": "Comment Analyzer",
        "ownerName": "Belowline",
        "ownerDomain": "",
        "documentationLink": f"{root}usage/",
        "icons": {"x16": "", "x32": ""},
        "protocol": "rest",
        "rootUrl": root,
        "baseUrl": root,
        "mtlsRootUrl": root,
        "servicePath": "",
        "basePath": "",
        "batchPath": "batch",
        "auth": {"oauth2": {"scopes": {SCOPE: {"description": "Accepted; no scope is asked for."}}}},
        "parameters": PARAMETERS,
        "resources": {"comments": {"methods": {name: _method(name) for name in METHODS}}},
        "schemas": SCHEMAS,
    }


def _method(name: str) -> type_of_body:
    request, response, description = METHODS[name]
    path = f"{VERSION}/comments:{name}"
    return {
        "id": f"{NAME}.comments.{name}",
        "description": description,
        "path": path,
        "flatPath": path,
        "httpMethod": "POST",
        "parameters": {},
        "parameterOrder": [],
        "request": {"$ref": request},
        "response": {"$ref": response},
        "scopes": [SCOPE],
    }
