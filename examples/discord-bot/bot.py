#!/usr/bin/env python3
"""A Discord bot that shows its moderators what Belowline thinks of a message.

Environment: DISCORD_TOKEN, REVIEW_CHANNEL (the moderators' channel, a number), BELOWLINE_URL, BELOWLINE_KEY; and, if
wished, BELOWLINE_REVIEW_AT (0.8) and BELOWLINE_DELETE_AT (without it, nothing is ever deleted).
"""

import asyncio
import logging
import os
from typing import Any, NamedTuple

logger = logging.getLogger("belowline.bot")
SECONDS = 2.0
MOST_SHOWN = 1_500
"""Characters of a message that are quoted; Discord takes 2,000 in all."""
ATTRIBUTES = ("TOXICITY", "INSULT", "PROFANITY", "THREAT", "IDENTITY_ATTACK")
SUREST = ("TOXICITY", "INSULT", "PROFANITY")
"""Two of these must agree before anything is deleted: they follow Perspective best."""


class Settings(NamedTuple):
    """Where the server is, and from which scores on something is done."""

    url: str
    key: str
    review_at: float = 0.8
    delete_at: float | None = None


class Verdict(NamedTuple):
    """What shall become of a message: leave, review or delete."""

    outcome: str
    reasons: tuple[str, ...] = ()


class UnscoredError(Exception):
    """There are no scores; the message says why, and nothing of what was written."""


async def score(session: Any, settings: Settings, text: str) -> dict[str, float]:
    """Return the scores of a text, by attribute.

    Raises:
        UnscoredError: the server did not answer in time, refused, or answered something else.
    """
    # No `languages`: a text in a language that nobody can judge shall come back as unscored, not as harmless.
    body = {"comment": {"text": text}, "requestedAttributes": {name: {} for name in ATTRIBUTES}, "doNotStore": True}
    address = f"{settings.url.rstrip('/')}/v1alpha1/comments:analyze"
    try:
        async with (
            asyncio.timeout(SECONDS),
            session.post(address, json=body, headers={"X-Goog-Api-Key": settings.key}) as reply,
        ):
            found = await reply.json()
        if reply.status != 200:  # noqa: PLR2004 - HTTP's OK
            raise UnscoredError(str(found["error"]["message"]))
        return {name: float(found["attributeScores"][name]["summaryScore"]["value"]) for name in ATTRIBUTES}
    except UnscoredError:
        raise
    except Exception as error:
        raise UnscoredError(type(error).__name__) from error


def judge(scores: dict[str, float], settings: Settings) -> Verdict:
    """Return what shall become of a message with these scores; one score alone never deletes."""
    reasons = tuple(f"{name} {value:.2f}" for name, value in scores.items() if value >= settings.review_at)
    if settings.delete_at is not None and sum(scores[name] >= settings.delete_at for name in SUREST) > 1:
        return Verdict("delete", reasons)
    return Verdict("review" if reasons else "leave", reasons)


async def verdict_about(session: Any, settings: Settings, text: str) -> Verdict:
    """Return what shall become of a text; without scores, a person looks at it."""
    try:
        return judge(await score(session, settings, text), settings)
    except UnscoredError as error:
        logger.warning("a message was not scored: %s", error)
        return Verdict("review", (f"not scored: {error}",))


async def handle(message: Any, review: Any, session: Any, settings: Settings) -> Verdict | None:
    """Judge a message of a server (a guild) and do what follows; None if it is not one to be judged."""
    if message.author.bot or message.guild is None or not message.content.strip():
        return None
    verdict = await verdict_about(session, settings, message.content)
    if verdict.outcome != "leave":
        # First the moderators, then the deletion: what nobody was told of is not deleted.
        await review.send(notice(message, verdict))
    if verdict.outcome == "delete":
        await message.delete()
    return verdict


def notice(message: Any, verdict: Verdict) -> str:
    """Return what the moderators read."""
    done = "Deleted" if verdict.outcome == "delete" else "Please look"
    quoted = message.content[:MOST_SHOWN]
    return f"**{done}:** {', '.join(verdict.reasons)}\n{message.author.mention} {message.jump_url}\n>>> {quoted}"


def settings_from(environment: Any) -> Settings:
    """Return the settings in the environment."""
    delete_at = environment.get("BELOWLINE_DELETE_AT")
    return Settings(
        environment["BELOWLINE_URL"],
        environment["BELOWLINE_KEY"],
        float(environment.get("BELOWLINE_REVIEW_AT", "0.8")),
        float(delete_at) if delete_at else None,
    )


def make_client(settings: Settings, review_channel: int) -> Any:
    """Return the bot, not yet connected."""
    import aiohttp
    import discord

    class Bot(discord.Client):
        """Shows what is posted and edited to Belowline."""

        async def setup_hook(self) -> None:
            """Open the connections to the server."""
            self.session = aiohttp.ClientSession()

        async def close(self) -> None:
            """Close them again."""
            await self.session.close()
            await super().close()

        async def on_message(self, message: discord.Message) -> None:
            """Judge what was posted."""
            review = self.get_channel(review_channel) or await self.fetch_channel(review_channel)
            await handle(message, review, self.session, settings)

        async def on_message_edit(self, before: discord.Message, after: discord.Message) -> None:
            """Judge what was edited, unless only Discord's preview of a link has changed."""
            if before.content != after.content:
                await self.on_message(after)

    intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    # Nobody is called by a notice that quotes "@everyone".
    return Bot(intents=intents, allowed_mentions=discord.AllowedMentions.none())


if __name__ == "__main__":
    make_client(settings_from(os.environ), int(os.environ["REVIEW_CHANNEL"])).run(os.environ["DISCORD_TOKEN"])
