"""One catalog a process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from jupyter_viz.catalog import open_catalog
from jupyter_viz.catalog.catalog import Catalog
from jupyter_viz.errors import CatalogUnavailable


def test_all_threads_share_one(tmp_path: Path) -> None:
    """A server under load opens the database once."""
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: open_catalog(url), range(8)))
    assert len(set(map(id, opened))) == 1


def test_a_failure_to_open_is_not_remembered(tmp_path: Path) -> None:
    """When the database is there again, so are the runs: without a restart."""
    folder = tmp_path / "viz"
    folder.touch()
    url = f"sqlite:///{folder / 'catalog.db'}"
    with pytest.raises(CatalogUnavailable):
        open_catalog(url)
    folder.unlink()
    assert open_catalog(url).id


def test_a_catalog_without_an_id_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    catalog = Catalog(url)
    with catalog._database.write() as connection:
        connection.execute(sa.text("DELETE FROM catalog_info"))
    catalog.close()
    with pytest.raises(CatalogUnavailable, match="has no id"):
        Catalog(url)


def test_the_location_hides_the_password(tmp_path: Path) -> None:
    catalog = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    assert catalog.location == f"sqlite:///{tmp_path / 'catalog.db'}"
    catalog.close()
