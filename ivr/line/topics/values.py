"""The values of a topic, `[value.NAME]`: numbers of hours, days or weeks that a clinic may set.

Rules kept here: a value stays within what every language can say, and its setting's name ends in its unit, so that
nobody reads days for hours.
"""

import re
from collections.abc import Mapping
from typing import Any

from ivr.line.topics.source import SourceText, name_tables
from ivr.line.topics.topic import LONGEST_COUNT, ClinicValue, Unit

LINE_PLACEHOLDERS = frozenset({"emergency", "clinic"})
"""Values that are the line's own; any topic may speak them."""
NOT_VALUES = LINE_PLACEHOLDERS | {"key"}


def read_values(source: SourceText, table: Mapping[str, Any]) -> dict[str, ClinicValue]:
    """The values in a topic's table, by name; what is wrong with the others is noted in `source`."""
    rows = name_tables(table, "value")
    if rows is None:
        source.add_fault_at("value", "Each value is a table of its own, such as [value.fasting].")
        return {}
    found = {name: _read_value(source, name, row) for name, row in rows.items()}
    return {name: value for name, value in found.items() if value}


def _read_value(source: SourceText, name: str, row: Mapping[str, Any]) -> ClinicValue | None:
    line = source.find(f"[value.{name}]") + 1
    wrong = list(_value_faults(name, row))
    for words in wrong:
        source.add_fault(line, f"[value.{name}] {words}")
    if wrong:
        return None
    return ClinicValue(
        name=name,
        unit=Unit(row["unit"]),
        default=row["default"],
        least=row["least"],
        most=row["most"],
        setting=row["setting"],
        purpose=row["purpose"],
        place=f"{source.place}:{line}",
    )


def _value_faults(name: str, row: Mapping[str, Any]) -> list[str]:
    faults = []
    if name in NOT_VALUES or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        faults.append("cannot have this name: lower-case letters and digits, and none of clinic, emergency, key.")
    if not isinstance(row.get("purpose"), str) or not row["purpose"].strip():
        faults.append("has no purpose: say in one sentence what the clinic decides with it.")
    if row.get("unit") not in list(Unit):
        return [*faults, f"must have a unit: {', '.join(Unit)}."]
    unit = Unit(row["unit"])
    ending = f"_{unit.upper()}S"
    if not re.fullmatch(rf"[A-Z][A-Z0-9_]*{ending}", str(row.get("setting", ""))):
        faults.append(f"must name its setting in capitals, with its unit at the end, such as FASTING{ending}.")
    return [*faults, *_bound_faults(unit, row)]


def _bound_faults(unit: Unit, row: Mapping[str, Any]) -> list[str]:
    bounds = [row.get(name) for name in ("least", "default", "most")]
    if not all(type(bound) is int for bound in bounds):
        return ["must have least, default and most, each a whole number."]
    if not 1 <= row["least"] <= row["default"] <= row["most"]:
        return ["must have least, default and most in ascending order, from 1 on."]
    if row["most"] > LONGEST_COUNT[unit]:
        return [f"goes up to {row['most']}, but {unit}s can be said up to {LONGEST_COUNT[unit]} only."]
    return []
