"""What auditors have said about an entity, as far as a given quarter may know it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orchestration.forensics.panels import Entities, Flags

CONFIRMED, EXPLAINED, DATA_ERROR = "confirmed", "explained", "data_error"


@dataclass(frozen=True)
class Known:
    """What is known of each entity when a quarter is judged; -1 where nothing."""

    explained_from: NDArray[np.int64]
    """Quarter from which an entity's level is explained."""
    settled_through: NDArray[np.int64]
    """Quarter of the answer: flags up to it are closed by the explanation."""
    wrong_data: Flags
    """Cells whose figures the auditors found to be an error of data, or made up."""
    made_up: Flags
    """Cells whose figures the auditors found to be made up."""


class Answers:
    """Dispositions of one entity type, laid on its entities and quarters."""

    def __init__(self, answers: pd.DataFrame, entities: Entities) -> None:
        rows = answers[answers["entity_type"] == entities.entity_type]
        entity, since = entities.place(rows)
        answered = entities.quarters.searchsorted(rows["answered_quarter"].to_numpy(dtype=object))
        is_known = (entity >= 0) & (since >= 0)
        order = np.argsort(answered[is_known], kind="stable")
        self._rows = list(
            zip(
                entity[is_known][order].tolist(),
                since[is_known][order].tolist(),
                answered[is_known][order].tolist(),
                rows["disposition"].to_numpy(dtype=object)[is_known][order].tolist(),
                strict=True,
            )
        )
        self._shape = entities.shape

    def known_before(self, quarter: int) -> Known:
        """Only answers given in an earlier quarter: judging one must not know what came of it."""
        entities, _ = self._shape
        explained = np.full(entities, -1, dtype=np.int64)
        settled = np.full(entities, -1, dtype=np.int64)
        wrong = np.zeros(self._shape, dtype=bool)
        made_up = np.zeros(self._shape, dtype=bool)
        for entity, since, answered, disposition in self._rows:
            if answered >= quarter:
                continue
            if disposition == EXPLAINED:
                explained[entity], settled[entity] = since, answered
            elif disposition == DATA_ERROR:
                settled[entity] = answered
                wrong[entity, since : answered + 1] = True
            elif disposition == CONFIRMED:
                explained[entity] = settled[entity] = -1
                wrong[entity, since:] = made_up[entity, since:] = True
        return Known(explained, settled, wrong, made_up)
