"""Microloans of one county's households: who borrows how much, when it is paid out and due."""

from dataclasses import dataclass

import numpy as np

from orchestration.simulation.assumptions import Assumptions
from orchestration.simulation.population import Population, quarter_at
from orchestration.simulation.randomness import stream


@dataclass(frozen=True)
class LoanBook:
    """The households' loans as of one quarter, fen; who does not borrow has none that is open."""

    is_open: np.ndarray  # open or fallen due in the quarter
    kind: np.ndarray
    principal: np.ndarray
    disbursed: np.ndarray
    due: np.ndarray
    is_bad: np.ndarray
    turn: np.ndarray  # number of the household's loan


def borrowers(people: Population, assumptions: Assumptions, *, seed: int) -> np.ndarray:
    """Return which households borrow again and again."""
    share = assumptions.assets.loan_share * 28 / 24
    return stream(seed, people.county.code, "borrowers").random(people.households) < share


def loan_book(people: Population, assumptions: Assumptions, t: int, *, seed: int) -> LoanBook:
    """Return the loans as of quarter ``t``.

    A borrower takes a new loan every 28 months and has it for 24.
    """
    quarter = quarter_at(t)
    rng = stream(seed, people.county.code, "loans")
    households = people.households
    first = rng.integers(-28, 0, households)
    kind = rng.choice(["microcredit", "enrich"], households, p=[0.88, 0.12])
    principal = rng.choice([20_000, 30_000, 50_000], households, p=[0.2, 0.35, 0.45]) * 100
    day = rng.integers(0, 28, households)
    is_bad = rng.random(households) < 0.006
    month = (quarter.start.year - 2022) * 12 + quarter.start.month - 10 + 2
    turn = (month - first) // 28
    begun = np.datetime64("2022-10") + (first + 28 * turn)
    disbursed = begun.astype("datetime64[D]") + day
    due = (begun + 24).astype("datetime64[D]") + day
    is_open = (due >= np.datetime64(quarter.start)) & (disbursed <= np.datetime64(quarter.end))
    borrows = borrowers(people, assumptions, seed=seed)
    return LoanBook(borrows & is_open, kind, principal, disbursed, due, is_bad, turn)


def paid_out(people: Population, assumptions: Assumptions, t: int, *, seed: int) -> np.ndarray:
    """Return the principal that every household received in quarter ``t``, fen."""
    book = loan_book(people, assumptions, t, seed=seed)
    is_new = book.is_open & (book.disbursed >= np.datetime64(quarter_at(t).start))
    return np.where(is_new & (people.heads(t) >= 0), book.principal, 0)
