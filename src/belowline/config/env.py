"""Reading settings from the environment: every variable that Belowline knows goes through here."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from belowline.limits.bucket import Rate, parse_rates
from belowline.limits.proxies import TrustedProxies, parse_proxies

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def env_str(name: str, default: str = "") -> str:
    """Return the variable, or the default."""
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool = False) -> bool:
    """Return the variable as yes or no.

    Raises:
        ImproperlyConfigured: it is neither.
    """
    value = os.environ.get(name, "yes" if default else "no").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; set it to yes or no")


def env_int(name: str, default: int) -> int:
    """Return the variable as a whole number.

    Raises:
        ImproperlyConfigured: it is none.
    """
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; set it to a whole number") from error


def env_choice(name: str, choices: tuple[str, ...]) -> str:
    """Return the variable, which is one of the choices; the first one where it is not set.

    Raises:
        ImproperlyConfigured: it is another word.
    """
    value = os.environ.get(name, "").strip().lower() or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; set it to {' or '.join(choices)}")
    return value


def env_list(name: str, default: str = "") -> list[str]:
    """Return the variable's parts, separated by commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_path(name: str, default: str) -> Path:
    """Return the variable as an absolute path."""
    return Path(os.environ.get(name) or default).expanduser().absolute()


def env_secret(name: str, file: Path) -> str:
    """Return the variable, or the content of a file that `belowline init` wrote; empty when neither is there."""
    if value := os.environ.get(name):
        return value
    try:
        return file.read_text("utf-8").strip()
    except OSError:
        return ""


def env_networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return the variable's addresses and networks (10.0.0.0/8), separated by commas.

    Raises:
        ImproperlyConfigured: one is none.
    """
    try:
        return [ip_network(part) for part in env_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}; write addresses, or networks such as 10.0.0.0/8") from error


def env_proxies(name: str) -> TrustedProxies:
    """Return the proxies that the variable names: addresses, networks and `unix`, separated by commas.

    Raises:
        ImproperlyConfigured: one is none.
    """
    try:
        return parse_proxies(env_list(name))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}; write addresses, networks such as 10.0.0.0/8, or unix") from error


def env_rates(name: str, default: str) -> tuple[Rate, ...]:
    """Return the variable's limits, such as 60/10m/account, separated by commas; an empty one: no limit.

    Raises:
        ImproperlyConfigured: one is none.
    """
    try:
        return parse_rates(env_str(name, default))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


def env_redis(name: str) -> str:
    """Return the variable as the address of a Redis or Valkey; empty: there is none.

    Raises:
        ImproperlyConfigured: it is no such address. The message does not repeat it: a password may stand in it.
    """
    value = env_str(name).strip()
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(f"{name}: write redis://HOST:6379/0, rediss://HOST or unix:///run/redis.sock")
    return value
