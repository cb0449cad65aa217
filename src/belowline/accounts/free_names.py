"""Names that somebody may take: well formed, not the newsroom's, and nobody else's."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from belowline.accounts.models import User
from belowline.accounts.names import clean_display_name, is_reserved, name_key


def free_name(name: str, *, owner: User | None = None) -> str:
    """Return a name as it will be kept; its owner may spell their own one differently.

    Raises:
        ValidationError: it is malformed, reserved, or looks like a name already taken.
    """
    clean = clean_display_name(name)
    if is_reserved(clean) and (owner is None or clean != owner.display_name):
        raise ValidationError(
            _("This name could be taken for the newsroom’s own voice. Please choose another."), code="name_reserved"
        )
    others = User.objects.filter(display_name_key=name_key(clean))
    if (others.exclude(pk=owner.pk) if owner else others).exists():
        raise ValidationError(
            _("Somebody has this name, or one that looks like it. Please choose another."), code="name_taken"
        )
    return clean
