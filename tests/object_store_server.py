"""An S3 server that checks signatures: OpenStack Swift with `s3api`, in one process, its objects in memory.

    python object_store_server.py FOLDER PORT USER…

With S3_DELAY in the environment each answer takes so many seconds longer, as from a distant store. A user is
`account:name:secret`, or `account:name:secret:plain` for one who may use nothing. Prints the port (0: any) when it
answers on 127.0.0.1.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")  # eventlet's about itself

import eventlet  # noqa: E402

eventlet.monkey_patch()

import eventlet.wsgi  # noqa: E402
from swift.account.server import AccountController  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.ring import RingData  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402
from swift.container.server import ContainerController  # noqa: E402
from swift.obj.mem_server import ObjectController  # noqa: E402

_PROXY = """\
[pipeline:main]
pipeline = catch_errors cache s3api tempauth copy slo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
paste.filter_factory = object_store_server:cache
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
{users}
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
"""
_SERVERS = {"account": AccountController, "container": ContainerController, "object": ObjectController}


class Cache:
    """What Swift asks of memcached, in this process."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def get(self, key: str, **_: Any) -> Any:
        return self._values.get(key)

    def set(self, key: str, value: Any, **_: Any) -> None:
        self._values[key] = value

    def delete(self, key: str, **_: Any) -> None:
        self._values.pop(key, None)


def cache(_configuration: Any, **_: Any) -> Any:
    known = Cache()

    def wrap(application: Any) -> Any:
        def call(environ: dict[str, Any], start_response: Any) -> Any:
            environ["swift.cache"] = known
            eventlet.sleep(float(os.environ.get("S3_DELAY", 0)))
            return application(environ, start_response)

        return call

    return wrap


def user_line(user: str) -> str:
    account, name, secret, *plain = user.split(":")
    return f"user_{account}_{name} = {secret}{'' if plain else ' .admin'}"


def main(folder: Path, port: int, users: list[str]) -> None:
    (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = tests\n")
    utils.set_swift_dir(str(folder))
    (folder / "disks" / "one").mkdir(parents=True)
    own = {"devices": str(folder / "disks"), "mount_check": "false", "log_level": "ERROR", "swift_dir": str(folder)}
    for name, server in _SERVERS.items():
        listening = eventlet.listen(("127.0.0.1", 0))
        place = {"ip": "127.0.0.1", "port": listening.getsockname()[1], "device": "one"}
        device = {"id": 0, "region": 1, "zone": 1, "weight": 1, **place}
        RingData([[0, 0]], [device], 31).save(str(folder / f"{name}.ring.gz"))
        eventlet.spawn(eventlet.wsgi.server, listening, server(own), log_output=False)
    configuration = folder / "proxy.conf"
    configuration.write_text(_PROXY.format(users="\n".join(map(user_line, users))))
    proxy = loadapp(str(configuration), global_conf={"swift_dir": str(folder), "log_level": "ERROR"})
    listening = eventlet.listen(("127.0.0.1", port))
    print(listening.getsockname()[1], flush=True)
    eventlet.wsgi.server(listening, proxy, log_output=False)


if __name__ == "__main__":
    sys.modules["object_store_server"] = sys.modules["__main__"]
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
