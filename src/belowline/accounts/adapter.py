"""How allauth makes our accounts, by form or by another provider, and whom it asks for a second factor."""

import secrets
from collections.abc import Collection
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils.translation import gettext

from belowline.accounts.free_name import free_display_name
from belowline.accounts.models import NO_ADDRESS, User
from belowline.accounts.second_factor import FACTORS, needs_second_factor
from belowline.limits.client_address import address_key, client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Puts the display name into a new account before it is first saved."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - allauth's signature
        """Return the new account, saved unless `commit` is False."""
        user.display_name = form.cleaned_data["display_name"]
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail of allauth's, unless the account has no address."""
        if not email.endswith(f"@{NO_ADDRESS}"):
            super().send_mail(template_prefix, email, context)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what allauth counts attempts by: a name for the address that does not tell it.

        Where the address cannot be known, it is another one each time: nobody shall be locked out by others. Attempts
        are counted by account and e-mail address, too.
        """
        return address_key(request.META) or secrets.token_hex(8)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell an account's owner of a change; the mail, and nothing else, has the address as it is."""
        address = client_address(self.request.META)
        told = {"ip": str(address) if address else "–"} | (context or {})
        super().send_notification_mail(template_prefix, user, told, email)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Asks those who come from another provider for their display name, and suggests one that they may have."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take an address as confirmed only where the provider says plainly that it is: some send the word “false”."""
        for address in sociallogin.email_addresses:
            address.verified = str(address.verified).lower() == "true"

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """Return what the form suggests."""
        data: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        found = sociallogin.account.get_provider_account().get_user_data() or {}
        wanted = next((found[name] for name in ("name", "preferred_username", "given_name") if found.get(name)), "")
        return data | {"display_name": free_display_name(str(wanted)[:200]) if wanted else ""}


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """Asks for a second factor whoever has set an authenticator app up, and staff also for their passkey.

    A reader's passkey is a way to sign in and no lock: whoever loses it still comes in by e-mail code.
    """

    def is_mfa_enabled(self, user: User, types: Collection[str] | None = None) -> bool:
        """Say whether the account has one of these types, or any; allauth asks for both factors at sign-in."""
        if types is not None and set(types) == set(FACTORS) and not user.has_role:
            types = [Authenticator.Type.TOTP]
        return bool(super().is_mfa_enabled(user, types=types))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Say whether it may go: not the last factor of staff who have to have one."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return not needs_second_factor(authenticator.user) or others.exists()

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - allauth's name
        """Return what a new passkey is called until its owner calls it something else."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey") if not count else gettext("Passkey %(number)d") % {"number": count + 1}
