"""A site on S3: the same files as on disk, only what has changed is put, what is gone goes."""

import shutil

from tests.cli.test_publish_command import OLDER, contents, published, workspace
from tests.storage.server import BUCKET


def test_on_s3_as_on_disk(tmp_path, s3, monkeypatch):
    folder = workspace(tmp_path / "work")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.endpoint)
    address = f"s3://{BUCKET}/cong-khai"
    published(folder, tmp_path / "site")
    published(folder, address)
    assert s3.objects("cong-khai/") == contents(tmp_path / "site")
    s3.asked.clear()
    published(folder, address)
    assert not [one for one in s3.asked if one[0] in ("PUT", "DELETE")]
    shutil.rmtree(folder / "scores" / "2023Q1")
    published(folder, address)
    assert not [path for path in s3.objects("cong-khai/") if path.startswith(OLDER)]
