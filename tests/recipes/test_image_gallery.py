"""Pictures in rows: pages, what is broken, and what a notebook keeps of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from jupyter_viz import visualize
from jupyter_viz.errors import InvalidArgument, NotFound


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    found = []
    for step in range(14):
        Image.new("RGB", (64, 48), (step * 10, 0, 0)).save(tmp_path / f"step-{step:02}.png")
        found.append(str(tmp_path / f"step-{step:02}.png"))
    return found


def test_pages(pictures: list[str]) -> None:
    first, second = visualize("image_gallery", pictures), visualize("image_gallery", pictures, page=2)
    assert first.to_html().count("<figure") == 12
    assert second.to_html().count("<figure") == 2
    assert first.metrics == {"pictures": 14, "pages": 2}
    assert "Page 1 of 2" in str(first.shown.view.note)
    assert "step-12.png" in second.shown.view.alt
    with pytest.raises(InvalidArgument, match="beyond the last of 2 pages"):
        visualize("image_gallery", pictures, page=3)


def test_a_pattern_is_all_pictures_it_matches(pictures: list[str], tmp_path: Path) -> None:
    Image.new("L", (4, 3)).save(tmp_path / "odd[1].png")
    result = visualize("image_gallery", str(tmp_path / "step-0*.png"), per_page=100)
    assert result.metrics["pictures"] == 10
    assert list(result.provenance["source"])[:2] == pictures[:2]
    assert visualize("image_gallery", str(tmp_path / "odd[1].png")).metrics["pictures"] == 1
    with pytest.raises(NotFound):
        visualize("image_gallery", str(tmp_path / "none*.png"))


def test_each_has_a_text_and_the_slider_stays_in_its_frame(pictures: list[str]) -> None:
    html = visualize("image_gallery", pictures).to_html()
    assert html.count('alt="step-00.png, 64 by 48 pixels"') == 1
    outside, frame, _ = html.partition("<iframe")
    assert frame
    assert "<script" not in outside
    assert "<iframe" not in visualize("image_gallery", pictures, slider=False).to_html()


def test_one_that_is_no_picture_is_left_out_and_said(pictures: list[str], tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no")
    result = visualize("image_gallery", [*pictures[:2], str(tmp_path / "bad.png")])
    assert "bad.png is left out" in str(result.shown.view.note)
    with pytest.raises(InvalidArgument, match="no picture that can be read"):
        visualize("image_gallery", str(tmp_path / "bad.png"))


def test_a_large_picture_is_made_small(tmp_path: Path) -> None:
    Image.effect_noise((2000, 1500), 80).save(tmp_path / "large.png")
    assert len(visualize("image_gallery", str(tmp_path / "large.png")).to_html()) < 300_000
