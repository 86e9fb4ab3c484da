"""Whatever happens to laptops, network and hub, everybody ends with the same, and nothing is lost.

`WINNOW_SEEDS=1000` tries more seeds than usual, `WINNOW_SEED=17` one of them alone.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext

import pytest

from tests.sync import mutants, simulator
from tests.sync.model_hub import ModelHub

SEEDS = int(os.environ.get("WINNOW_SEEDS", "60"))
PART = 15  # seeds of one test
ONE = os.environ.get("WINNOW_SEED")


@pytest.mark.parametrize("part", range(-(-SEEDS // PART)) if ONE is None else [0])
def test_nothing_is_lost_and_everybody_ends_with_the_same(part: int) -> None:
    for seed in [int(ONE)] if ONE else range(part * PART, min(SEEDS, (part + 1) * PART)):
        simulator.run(seed)


@pytest.mark.parametrize(
    ("hub", "fault"),
    [
        (mutants.ForgetfulHub, nullcontext()),
        (mutants.SerialHub, nullcontext()),
        (ModelHub, mutants.cursor_saved_before_the_rows()),
        (ModelHub, mutants.fold_in_order_of_arrival()),
        (ModelHub, mutants.no_fencing()),
        (ModelHub, mutants.whoever_is_joined_is_erased()),
        (ModelHub, mutants.what_was_brought_is_passed_over()),
        (ModelHub, mutants.a_lost_end_is_not_noticed()),
    ],
    ids=[
        "no dedupe",
        "a bare serial cursor",
        "the cursor before the rows",
        "order of arrival",
        "no fencing",
        "whoever is joined",
        "what was brought is passed over",
        "a lost end is not noticed",
    ],
)
def test_a_fault_put_in_on_purpose_is_found_within_fifty_seeds(
    hub: type[ModelHub], fault: AbstractContextManager[None]
) -> None:
    with fault:
        for seed in range(50):
            if noticed := failure_of(seed, hub):
                break
    assert noticed.startswith(f"seed {seed}: ")


def failure_of(seed: int, hub: type[ModelHub]) -> str:
    try:
        simulator.run(seed, hub=hub)
    except AssertionError as error:
        return str(error)
    return ""


def test_a_seed_replays() -> None:
    traces = []
    for _ in range(2):
        with simulator.World(3) as world:
            world.run()
            traces.append((world.trace, sorted(world.created)))
    assert traces[0] == traces[1]
