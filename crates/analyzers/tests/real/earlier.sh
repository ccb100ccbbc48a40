# Makes real files with tools that an earlier release of Debian has and the later one does not, or that would make
# its root too large.
#
# The same folders as `debian.sh` leaves. Nothing here needs a network.
set -eu
export HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin
tab=$(printf '\t')

# root ID: goes into the folder that the tool is to fill.
root() {
  mkdir -p "/real/$1/root"
  cd "/real/$1/root"
}
# truth ID: what stands on standard input is the truth.
truth() { sort -u >"/real/$1/truth"; }

# --- Nimble, which installs from folders too.
for package in 'keel 1.2.3 MIT' 'hull-form 0.10.0 Apache-2.0'; do
  set -- $package
  name=$(echo "$1" | tr - _)
  mkdir -p "/make/nim/$1/src"
  echo "proc depth*(): int = 3" >"/make/nim/$1/src/$name.nim"
  printf 'version = "%s"\nauthor = "A. Shipwright"\ndescription = "A part"\nlicense = "%s"\nsrcDir = "src"\n' \
    "$2" "$3" >"/make/nim/$1/$name.nimble"
  (cd "/make/nim/$1" && nimble --accept --offline --nimbleDir:/root/.nimble install)
done
root lang/nim
cp --parents -a /root/.nimble .
nimble --nimbleDir:/root/.nimble list --installed --ver | sed -n "s/^\([^ ]*\)  *\[\([^]]*\)\]$/\1$tab\2/p" |
  truth lang/nim

# --- Cabal resolves from what GHC brings along, and from a folder without packages.
mkdir -p /make/haskell /make/none /root/.cabal
printf 'repository none\n  url: file+noindex:///make/none\n' >/root/.cabal/config
cat >/make/haskell/keel.cabal <<'J'
cabal-version: 2.4
name: keel
version: 1.2.3
build-type: Simple
executable keel
  main-is: Main.hs
  default-language: Haskell2010
  build-depends: base, bytestring, containers, text, transformers
J
echo 'main = print 3' >/make/haskell/Main.hs
cd /make/haskell
echo 'packages: .' >cabal.project
cabal --offline freeze
root lang/haskell
mkdir app && cp /make/haskell/cabal.project.freeze app/
# The plan is another document of the same run: what is not the project itself.
cabal_plan=/make/haskell/dist-newstyle/cache/plan.json
(cd /make/haskell && cabal --offline build --dry-run)
python3 - "$cabal_plan" <<'J' | truth lang/haskell
import json, sys
for unit in json.load(open(sys.argv[1]))["install-plan"]:
    if unit["pkg-name"] != "keel":
        print(unit["pkg-name"], unit["pkg-version"], sep="\t")
J
chmod -R u+rwX,go+rX /real
