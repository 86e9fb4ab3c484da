from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from app.ui import pyside_enums

ROOT = Path(__file__).resolve().parents[2]
# Everything that can be seen of every enumeration of the modules that Winnow uses, and what some of its members do.
SEEN = """
import copy, enum, importlib, json, pickle, random, re, sys
from app.ui import pyside_enums
if sys.argv[1] == "quickly":
    pyside_enums.begin()
seen = {}

def tried(do):
    try:
        found = do()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return [repr(found), found.name, found.value, str(found)] if isinstance(found, enum.Enum) else repr(found)

def look(one, path):
    if path in seen:
        return
    members, chance = list(one.__members__.values()), random.Random(path)
    known = seen[path] = {
        "class": [one.__name__, one.__qualname__, one.__module__, one.__doc__, [base.__name__ for base in one.__mro__]],
        "members": [[name, each.name, each.value, repr(each), str(each), f"{each}", hash(each), one[name] is each,
                     getattr(one, name) is each, one(each.value) is each, each._sort_order_]
                    for name, each in one.__members__.items()],
        "order": [one._member_names_, [each.name for each in one], len(one), dir(one), sorted(vars(one))],
        "inside": [re.sub(" at 0x[0-9a-f]+", "", repr(getattr(one, name, None))) for name in (
            "_flag_mask_", "_all_bits_", "_singles_mask_", "_boundary_", "_use_args_", "_member_type_", "_value_repr_",
            "_unhashable_values_", "_new_member_", "_iter_member_")],
        "of a value": [tried(lambda: one(value)) for value in (0, 1, 3, 5, 12345678, -1, 0x7FFFFFFF, "x", None)],
    }
    for number in range(4 if members else 0):
        a, b = chance.choice(members), chance.choice(members)
        known[f"work {number}"] = [
            tried(lambda: a | b), tried(lambda: a & b), tried(lambda: a ^ b), tried(lambda: ~a), tried(lambda: bool(a)),
            tried(lambda: [each.name for each in a | b]), tried(lambda: len(a | b)), tried(lambda: a in a | b),
            tried(lambda: a == b), tried(lambda: a < b), tried(lambda: a == a.value), tried(lambda: a + 1),
            tried(lambda: a | 3), tried(lambda: pickle.loads(pickle.dumps(a)) is a), tried(lambda: copy.copy(a) is a),
            tried(lambda: setattr(a, "value", 3)), tried(lambda: setattr(one, a.name, 3)), tried(lambda: a.nothing),
            tried(lambda: delattr(one, a.name)), tried(lambda: getattr(a, b.name)),
        ]

def walk(owner, path, names, depth=0):
    for name in names:
        found = getattr(owner, name, None)
        if isinstance(found, enum.EnumType):
            look(found, f"{path}.{name}")
        elif isinstance(found, type) and depth < 2 and found.__module__.startswith("PySide6"):
            walk(found, f"{path}.{name}", sorted(vars(found)), depth + 1)

for name in ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtSvg", "QtTest"):
    module = importlib.import_module(f"PySide6.{name}")
    walk(module, name, dir(module))
json.dump([pyside_enums.made, seen], sys.stdout)
"""


def _seen(how: str) -> tuple[int, dict[str, dict[str, object]]]:
    """How many were made quickly, and what is seen of each."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONHASHSEED": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SEEN, how],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return found[0], found[1]


def test_every_enumeration_of_qt_made_quickly_is_what_python_usually_makes_of_it():
    none, usual = _seen("usually")
    made, quick = _seen("quickly")
    assert (none, made > 600) == (0, sys.version_info[:2] in pyside_enums.KNOWN)
    assert quick.keys() == usual.keys()
    assert not [path for path in usual if quick[path] != usual[path]]
