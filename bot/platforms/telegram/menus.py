"""The menus of commands, by kind of chat and language. Made by `platform` when it connects."""

from collections.abc import Sequence

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from bot.platforms.telegram.faults import name_fault
from handlers import Command

# "" is for all other languages
LANGUAGES = ("", "fr", "es", "pt", "ru", "ar", "zh")


async def make_menus(bot: Bot, commands: Sequence[Command]) -> None:
    """Set the menus that are not so already. People can give commands without them, so a failure stops nothing."""
    everybody = [command for command in commands if not command.for_organizers]
    menus: tuple[tuple[BotCommandScope, Sequence[Command]], ...] = (
        (BotCommandScopeAllGroupChats(), everybody),
        (BotCommandScopeAllChatAdministrators(), commands),
        (BotCommandScopeAllPrivateChats(), commands),
    )
    try:
        for scope, offered in menus:
            for language in LANGUAGES:
                await _make_menu(bot, scope, offered, language)
    except TelegramError as error:
        structlog.get_logger().warning("menus not made", platform="telegram", reason=name_fault(error))


async def _make_menu(bot: Bot, scope: BotCommandScope, commands: Sequence[Command], language: str) -> None:
    menu = tuple(BotCommand(command.name, command.describe(language or "en")[:256]) for command in commands)
    if await bot.get_my_commands(scope, language) != menu:
        await bot.set_my_commands(menu, scope, language)
