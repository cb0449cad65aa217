"""Nothing leaves the server by default: who may open a connection, and what pages may load."""

import ast
import re

CLIENTS = {"urllib3", "requests", "httpx", "aiohttp", "redis", "smtplib", "ftplib", "telnetlib", "urllib.request"}
OPENERS = {
    "bulk/cluster.py": "the operator's Ray cluster, with `--on ray`, by hand",
    "compat/check/runner.py": "`belowline compat check`, by hand",
    "compat/coral/parent.py": "the paper's own Coral, where its address was given",
    "limits/redis_server.py": "the newsroom's Redis, where it was named",
    "moderation/statements/client.py": "`belowline statements send`, by hand",
    "stories/connection.py": "the paper's own pages, endpoints that somebody added, a cache that was named: guarded",
    "stream/views/leave.py": "an OpenID provider, where one was set; django-allauth asks it",
}
"""Who opens a connection -> to whom, and when. SECURITY.md lists them."""
LOADED = re.compile(r"<(?:script|img|iframe|link|source|video)\b[^>]*(?:src|href)=\"(?:https?:)?//", re.IGNORECASE)
STYLED = re.compile(r"url\(['\"]?(?:https?:)?//|@import")
OPENING = {"create_connection", "HTTPConnection", "HTTPSConnection"}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Attribute) and node.attr in {
            "create_connection",
            "HTTPConnection",
            "HTTPSConnection",
        }:
            yield "socket.create_connection"


def opens(tree):
    """Whether a module makes connections by itself."""
    return any(name in CLIENTS or name == "socket.create_connection" for name in imported(tree))


def test_connections_are_opened_in_few_places(modules):
    found = {
        "/".join(path.parts[path.parts.index("belowline") + 1 :])
        for path, tree in modules.items()
        if "lab" not in path.parts and opens(tree)
    }

    assert found == set(OPENERS), "say here and in SECURITY.md to whom, and who asked for it"


def test_they_are_all_told(root):
    told = (root / "SECURITY.md").read_text("utf-8")

    for word in ("Coral", "Ray", "Redis", "statements send", "compat check", "webhooks", "mail", "OpenID"):
        assert word in told.partition("## What leaves the server")[2].partition("\n## ")[0], word


def test_no_page_loads_anything_from_elsewhere(root):
    kinds = {".html": LOADED, ".svg": LOADED, ".css": STYLED}
    pages = [path for path in (root / "src" / "belowline").rglob("*") if path.suffix in kinds]
    loading = [str(path.relative_to(root)) for path in pages if kinds[path.suffix].search(path.read_text("utf-8"))]

    assert len(pages) > 50
    assert loading == []
