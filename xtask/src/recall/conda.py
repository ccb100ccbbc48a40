"""Installs an environment of conda: `conda.py TOOLS ENVIRONMENT`.

No channel of conda is in reach, so the channel is made here: of wheels by whl2conda, and of a few
programs and libraries of this machine. rattler then solves and installs as from any channel, and
writes the records below `conda-meta`.
"""

import asyncio
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import zipfile

from rattler import Channel, install, solve
from rattler.index import index_fs

TOOLS = pathlib.Path(sys.argv[1])
ENVIRONMENT = pathlib.Path(sys.argv[2])
CHANNEL = TOOLS / "channel"
WHEELS = TOOLS / "wheels"

PURE = [
    "attrs==23.1.0", "blinker==1.6.3", "certifi==2023.7.22", "charset-normalizer==3.3.0", "click==8.1.7",
    "flask==2.3.3", "idna==3.4", "itsdangerous==2.1.2", "jinja2==3.1.2", "python-dateutil==2.8.2",
    "requests==2.31.0", "ruamel.yaml==0.17.35", "six==1.16.0", "tqdm==4.66.1", "urllib3==2.0.6",
    "werkzeug==2.3.7", "zipp==3.17.0",
]


def run(program, *arguments):
    subprocess.run([TOOLS / "bin" / program, *arguments], check=True, stdout=subprocess.DEVNULL)


def download(*arguments):
    run("pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", WHEELS, *arguments)


def pack(name, version, build, licence, depends, fill):
    """A package for this platform, with the files that `fill` puts into a folder."""
    folder = TOOLS / "build" / f"{name}-{version}-{build}"
    (folder / "info").mkdir(parents=True)
    fill(folder)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "info" not in path.relative_to(folder).parts[:1]]
    index = {
        "name": name, "version": version, "build": build, "build_number": 0, "license": licence,
        "depends": depends, "subdir": "linux-64", "timestamp": 1696000000000,
    }
    paths = [
        {
            "_path": str(path.relative_to(folder)), "path_type": "hardlink",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "size_in_bytes": path.stat().st_size,
        }
        for path in files
    ]
    (folder / "info/index.json").write_text(json.dumps(index))
    (folder / "info/paths.json").write_text(json.dumps({"paths_version": 1, "paths": paths}))
    (folder / "info/files").write_text("".join(f"{path['_path']}\n" for path in paths))
    run("cph", "create", folder, f"{name}-{version}-{build}.conda", "--out-folder", CHANNEL / "linux-64")


def python(folder):
    (folder / "bin").mkdir()
    shutil.copy(sys._base_executable, folder / "bin/python3.11")
    (folder / "lib/python3.11/site-packages").mkdir(parents=True)
    (folder / "lib/python3.11/site-packages/README.txt").write_text("packages\n")


def note(folder):
    (folder / "share").mkdir()
    (folder / "share/note.txt").write_text("a library\n")


def markupsafe(folder):
    [wheel] = WHEELS.glob("[Mm]arkup[Ss]afe*")
    zipfile.ZipFile(wheel).extractall(folder / "lib/python3.11/site-packages")


async def main():
    for folder in ("linux-64", "noarch"):
        (CHANNEL / folder).mkdir(parents=True)
    download("--platform", "any", "--only-binary=:all:", *PURE)
    for wheel in sorted(WHEELS.iterdir()):
        run("whl2conda", "convert", "--quiet", "--format", "V2", "--out-dir", CHANNEL / "noarch", wheel)
    download("--only-binary=:all:", "markupsafe==2.1.3")
    pack("python", "3.11.6", "h12345_0", "PSF-2.0", ["openssl >=3", "zlib"], python)
    pack("openssl", "3.1.3", "hd590300_0", "Apache-2.0", [], note)
    pack("zlib", "1.2.13", "hd590300_5", "Zlib", [], note)
    pack("markupsafe", "2.1.3", "py311_0", "BSD-3-Clause", ["python"], markupsafe)
    await index_fs(CHANNEL)
    wanted = ["python", "flask", "requests", "tqdm", "zipp", "ruamel-yaml", "python-dateutil", "attrs"]
    records = await solve([Channel(CHANNEL.as_uri())], wanted, platforms=["linux-64", "noarch"])
    await install(records, ENVIRONMENT, cache_dir=TOOLS / "cache", show_progress=False)


asyncio.run(main())
