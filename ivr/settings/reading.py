"""Reads the settings once, from the environment. Nothing else in the project reads the environment.

Rule kept here: every fault is collected, in words that tell what to do, so that nobody mends one only to meet the next.
The folder of topics is read before the settings, since each value of a topic is a setting too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ivr.errors import Fault, SettingsError, TopicError
from ivr.line.languages import LANGUAGES
from ivr.line.topics import Topic
from ivr.settings.rows import DEMONSTRATION, SETTINGS, Setting, Settings, find_clashes, list_settings

ReadTopics = Callable[[Path], tuple[Topic, ...]]
"""Reads the topics of a folder. Raises TopicError."""


def read_settings_and_topics(
    environment: Mapping[str, str], read_topics: ReadTopics
) -> tuple[Settings, tuple[Topic, ...]]:
    """The settings in `environment`, and the topics whose values are among them.

    Raises TopicError where only the topics have faults, SettingsError otherwise: with all faults of both.
    """
    topics, topic_faults = _try_topics(environment, read_topics)
    try:
        settings = read_settings(environment, topics)
    except SettingsError as error:
        raise SettingsError([*error.faults, *topic_faults]) from error
    if topic_faults:
        raise TopicError(topic_faults)
    return settings, topics


def _try_topics(environment: Mapping[str, str], read_topics: ReadTopics) -> tuple[tuple[Topic, ...], tuple[Fault, ...]]:
    """The topics, and what is wrong with them."""
    row = next(setting for setting in SETTINGS if setting.name == "TOPICS_FOLDER")
    folder = row.reader(_find_text(row, environment, local=_is_local(environment)))
    try:
        topics = read_topics(folder)
    except TopicError as error:
        return (), error.faults
    clashes = tuple(find_clashes(topics))
    return ((), clashes) if clashes else (topics, ())


def read_settings(environment: Mapping[str, str], topics: Sequence[Topic]) -> Settings:
    """The settings in `environment`, for a line that speaks these topics. Raises SettingsError with every fault."""
    local = _is_local(environment)
    own: dict[str, Any] = {}
    values: dict[str, int] = {}
    faults: list[Fault] = []
    for setting in list_settings(topics):
        try:
            found = setting.reader(_find_text(setting, environment, local=local))
        except ValueError as error:
            faults.append(Fault(setting.name, str(error)))
            continue
        if setting.value_id:
            values[setting.value_id] = found
        else:
            own[setting.name.lower()] = found
    faults.extend(_find_joint_faults(own, local=local))
    if faults:
        raise SettingsError(faults)
    return Settings(**_complete(own), values=values)


def _is_local(environment: Mapping[str, str]) -> bool:
    return environment.get("SPINELINE_ENV", "").strip() == DEMONSTRATION


def _find_text(setting: Setting, environment: Mapping[str, str], *, local: bool) -> str:
    given = environment.get(setting.name)
    if given is None and local:
        given = setting.local
    if given is None:
        given = setting.default
    if given is None:
        hint = " `make install` writes one for your own machine." if local else ""
        raise ValueError(f"is missing. {setting.purpose}{hint}")
    return given.strip()


def _find_joint_faults(values: Mapping[str, Any], *, local: bool) -> Iterator[Fault]:
    """Faults that no setting has alone."""
    languages = values.get("languages", LANGUAGES)
    if values.get("country", "US") != "US" and not values.get("emergency_number", "-"):
        yield Fault("EMERGENCY_NUMBER", "is missing. Outside the US it has no default: say what callers must dial.")
    for code in values.get("opening_languages", ()):
        if code not in languages:
            yield Fault("OPENING_LANGUAGES", f"names {code}, which is not open. Add it to LANGUAGES, or take it out.")
    for number, code in values.get("number_languages", {}).items():
        if code not in languages:
            yield Fault("NUMBER_LANGUAGES", f"gives {number} the language {code}, which is not in LANGUAGES.")
    if not local:
        yield from _find_production_faults(values)


def _find_production_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    if values.get("web_phone") == "on":
        yield Fault("WEB_PHONE", "may not be open to everybody in production. Set it to staff, or off.")
    if not values.get("public_base_url", "https://").startswith("https://"):
        yield Fault("PUBLIC_BASE_URL", "must begin with https:// in production: callers' numbers travel over it.")
    if values.get("metrics") == "on":
        yield Fault("METRICS", "may not be open to everybody in production. Give a token of 16 signs or more, or off.")


def _complete(values: dict[str, Any]) -> dict[str, Any]:
    if not values["emergency_number"]:
        values["emergency_number"] = "911"
    if not values["opening_languages"]:
        values["opening_languages"] = values["languages"][:3]
    return values
