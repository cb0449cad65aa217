"""One account for readers and staff."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from belowline.accounts.names import name_key

NO_ADDRESS = "no-address.invalid"
"""The domain of accounts without an e-mail address: RFC 2606 keeps `.invalid` free, so no mail can ever reach it."""


class UserManager(BaseUserManager["User"]):
    """Creates accounts; the e-mail address is the name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password, sign-in goes by e-mailed code.

        Raises:
            ValueError: no e-mail address.
        """
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account with this e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A reader or a member of staff."""

    class Role(models.TextChoices):
        """What somebody may do: accounts.permissions."""

        READER = "reader", _("Reader")
        AUDITOR = "auditor", "Auditor"  # this one and the next two are words of the desk, which is not translated yet
        MODERATOR = "moderator", _("Moderator")
        SENIOR = "senior", "Senior moderator"
        EDITOR = "editor", "Editor"
        ADMIN = "admin", _("Administrator")

    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=40)
    display_name_key = models.CharField(max_length=120, unique=True, editable=False)
    """What look-alike names have in common: accounts.names.name_key."""
    role = models.CharField(max_length=10, choices=Role, default=Role.READER)
    """What it may do on every site."""
    has_local_role = models.BooleanField(default=False)
    """Whether a Grant names the account: so nobody else's pages ask for grants."""
    language = models.CharField(max_length=10, blank=True)
    """Of pages and mails; empty: as the site or the browser has it."""
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    """When its owner deleted the account: name and address are gone since."""
    created_at = models.DateTimeField(auto_now_add=True)

    lacks_second_factor: bool = False
    """Set for one request, by accounts.second_factor: staff who still have to set one up may do what readers may."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def has_role(self) -> bool:
        """Whether it holds a role of staff anywhere, whatever may keep it from using it."""
        return self.role != self.Role.READER or self.has_local_role

    @property
    def is_staff(self) -> bool:
        """Whether the account may open the desk; what it may do there, accounts.permissions says."""
        return self.has_role and self.is_active and not self.lacks_second_factor

    @property
    def has_address(self) -> bool:
        """Whether mail can reach the account; an SSO token need not name an address, or may name one that is taken."""
        return bool(self.email) and not self.email.endswith(f"@{NO_ADDRESS}")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key beside the name; closed accounts are all called the same, so each has one of its own."""
        self.display_name_key = f"closed:{self.pk}" if self.closed_at else name_key(self.display_name)
        if "display_name" in (kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], "display_name_key"}
        super().save(*args, **kwargs)


class Grant(models.Model):
    """A role that an account holds on one site, or in one section of it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=10, choices=User.Role)
    site = models.ForeignKey("stories.Site", on_delete=models.CASCADE, related_name="grants")
    section = models.CharField(max_length=100, blank=True)
    """As stories name it; empty: the whole site."""
    granted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    """None: the operator, at the command line."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "site", "section"], name="one_role_for_a_place"),
            models.CheckConstraint(condition=~models.Q(role="reader"), name="a_reader_needs_no_grant"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class Mute(models.Model):
    """A reader does not want to see what somebody writes."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mutes")
    muted = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "muted"], name="muted_once")]

    def __str__(self) -> str:
        return f"mute {self.pk}"


class SsoKey(models.Model):
    """A key with which a publisher's system says who its reader is."""

    class Kind(models.TextChoices):
        """What the tokens look like."""

        BELOWLINE = "belowline", "Belowline's claims"
        CORAL = "coral", "Coral's claims"

    class Algorithm(models.TextChoices):
        """How tokens are signed; a key is bound to one."""

        EDDSA = "EdDSA", "Ed25519"
        ES256 = "ES256", "ECDSA, P-256"
        HS256 = "HS256", "a shared secret"

    site = models.ForeignKey("stories.Site", on_delete=models.CASCADE, related_name="sso_keys")
    kid = models.CharField(max_length=100, unique=True)
    """The name that a token's header gives."""
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BELOWLINE)
    algorithm = models.CharField(max_length=5, choices=Algorithm)
    material = models.TextField()
    """The public key (PEM), or the secret that both sides know."""
    issuer = models.CharField(max_length=200, blank=True)
    """What `iss` must be; Coral's tokens have none."""
    trusts_email = models.BooleanField(default=False)
    """Whether the publisher's word that an address is its reader's counts here."""
    highest_role = models.CharField(max_length=10, choices=User.Role, default=User.Role.READER)
    """What a token may make of an account at most."""
    lifetime_seconds = models.PositiveIntegerField(default=600)
    """The longest time between a token's `iat` and `exp`."""
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.kid


class Identity(models.Model):
    """Whom a publisher means by its own id of a reader."""

    site = models.ForeignKey("stories.Site", on_delete=models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(fields=["site", "subject"], name="identity_once_per_site")]

    def __str__(self) -> str:
        return f"identity {self.pk}"


class UsedToken(models.Model):
    """A token that was accepted: it is not accepted again. Rows go when the token has expired anyway."""

    site = models.ForeignKey("stories.Site", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    """SHA-256 of its `jti`."""
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "digest"], name="token_used_once")]

    def __str__(self) -> str:
        return f"token {self.pk}"


def display_name_of(user: User) -> str:
    """Return the name that pages show; allauth asks for it."""
    return user.display_name
