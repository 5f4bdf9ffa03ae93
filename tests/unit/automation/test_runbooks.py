"""Every alert leads to a page that says what to do."""

import dagster as dg
import pytest

from orchestration.automation.runbooks import FOLDER, Runbook

HEADINGS = ("**Means.**", "**Who.**", "**Look.**", "**Do.**", "**Over when**", "**Never**")


@pytest.mark.parametrize("runbook", Runbook)
def test_every_alert_has_a_page_that_says_everything(runbook: Runbook) -> None:
    text = runbook.page.read_text("utf-8")
    places = [text.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    assert f"]({runbook}.md)" in (FOLDER / "README.md").read_text("utf-8")
    assert runbook.link == dg.MetadataValue.path(str(runbook.page))


def test_no_page_is_without_an_alert() -> None:
    assert {file.stem for file in FOLDER.glob("*.md")} == {"README", *map(str, Runbook)}
