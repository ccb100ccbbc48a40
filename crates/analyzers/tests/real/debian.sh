# Makes real files with the tools of Debian, inside of a root that `mmdebstrap` made.
#
# For each analyzer: `/real/ID/root/…`, what its tools leave in a filesystem, and `/real/ID/truth`, what the
# tools themselves say of it, a line `name<TAB>version` each. Nothing here needs a network.
set -eu
export HOME=/root LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin COMPOSER_ALLOW_SUPERUSER=1
tab=$(printf '\t')

# place ID FILE…: files of this root, where they are.
place() {
  mkdir -p "/real/$1/root"
  id=$1
  shift
  (cd / && cp --parents -a "$@" "/real/$id/root/")
}
# root ID: goes into the folder that the tool is to fill.
root() {
  mkdir -p "/real/$1/root"
  cd "/real/$1/root"
}
# truth ID: what stands on standard input is the truth.
truth() { sort -u >"/real/$1/truth"; }

# --- The system itself.
place os/dpkg var/lib/dpkg/status
dpkg-query --show --showformat='${Package}\t${Version}\n' | truth os/dpkg
place os/release usr/lib/os-release
(. /usr/lib/os-release && printf '%s\t%s\n' "$ID" "$VERSION_ID") | truth os/release
place os/passwd etc/passwd
perl -e 'while (my @u = getpwent) { print "$u[0]\t$u[2]\n" }' | truth os/passwd
# Licences, as Debian's own library reads the machine-readable form; those of the packaging are no part.
(cd / && find usr/share/doc -maxdepth 2 -type f -name copyright -exec grep -l '^Format:' '{}' +) | while read -r file; do
  place os/copyright "$file"
done
python3 - /real/os/copyright/root/usr/share/doc <<'J' 2>/dev/null | truth os/copyright
import pathlib, sys
from debian.copyright import Copyright
for file in pathlib.Path(sys.argv[1]).glob("*/copyright"):
    try:
        document = Copyright(file.read_text().splitlines(), strict=False)
        licences = {part.license for part in document.all_license_paragraphs()}
        for part in document.all_files_paragraphs():
            if part.license and not all(name.startswith("debian/") for name in part.files):
                licences.add(part.license)
    except Exception:
        # The library refuses it, so nobody says what is true.
        file.unlink()
        continue
    for licence in licences:
        if licence.synopsis:
            print(file.parent.name, licence.synopsis, sep="\t")
J

# --- Composer.
mkdir -p /make/php/one /make/php/two
cat >/make/php/one/composer.json <<'J'
{"name": "acme/one", "version": "1.2.3", "license": "MIT", "require": {"acme/two": "^2.0"}}
J
cat >/make/php/two/composer.json <<'J'
{"name": "acme/two", "version": "2.0.1", "license": ["Apache-2.0", "MIT"]}
J
root lang/composer
mkdir app && cd app
cat >composer.json <<'J'
{"name": "acme/app", "version": "1.0.0", "require": {"acme/one": "^1.0"}, "require-dev": {"acme/dev": "*"},
 "repositories": [{"packagist.org": false},
  {"type": "path", "url": "/make/php/*", "options": {"symlink": false}},
  {"type": "package", "package": {"name": "acme/dev", "version": "0.1.0", "type": "metapackage"}}]}
J
composer install --no-interaction --quiet
composer show --format=json | php -r '
foreach (json_decode(stream_get_contents(STDIN), true)["installed"] as $p) echo "$p[name]\t$p[version]\n";' |
  truth lang/composer
root lang/composer-lock
mkdir app && mv /real/lang/composer/root/app/composer.lock app/
cp /real/lang/composer/truth /real/lang/composer-lock/truth

# --- PEAR, and the extensions of PHP.
place lang/pear usr/share/php/.registry
pear list -a 2>/dev/null | awk -v OFS='\t' '/CHANNEL/ { channel = tolower($NF); sub(/:$/, "", channel) }
    /^[A-Za-z_]+ +[0-9]/ { print channel "/" $1, $2 }' | truth lang/pear
cd / && place binary/php-extension usr/lib/php/*/*.so
php -r '
foreach (glob("/usr/lib/php/*/*.so") as $file) {
  $name = basename($file, ".so");
  if ($name == "opcache") $name = "Zend OPcache";
  if ($version = phpversion($name)) echo "php-ext-", strtolower(strtr($name, " ", "-")), "\t$version\n";
}' | truth binary/php-extension

# --- Ruby.
place lang/gem usr/share/rubygems-integration usr/lib/ruby/gems
gem list --local --no-details | perl -ne '
/^(\S+) \((.*)\)$/ or next;
my $name = $1;
for my $v (split /, /, $2) { $v =~ s/^default: //; $v =~ s/ .*//; print "$name\t$v\n" }' | truth lang/gem
root lang/gemfile-lock
mkdir app && cd app
printf 'source "https://example.org"\ngem "rake"\ngem "test-unit"\ngem "minitest", group: :test\n' >Gemfile
bundle config set --local path.system true >/dev/null
bundle lock --local >/dev/null
bundle list | sed -n "s/^  \* \(\S*\) (\(.*\))$/\1$tab\2/p" | truth lang/gemfile-lock

# --- Lua.
mkdir -p /make/lua && cd /make/lua
echo 'return {}' >keel.lua
cat >keel-1.2-3.rockspec <<'J'
package = "keel"
version = "1.2-3"
source = { url = "file:///make/lua/keel.lua" }
description = { summary = "A keel", license = "MIT", maintainer = "A Person <a@example.org>" }
dependencies = { "lua >= 5.1" }
build = { type = "builtin", modules = { keel = "keel.lua" } }
J
root lang/luarocks
(cd /make/lua && luarocks make --tree=/real/lang/luarocks/root/usr/local keel-1.2-3.rockspec >/dev/null 2>&1)
luarocks --tree="$PWD/usr/local" list --porcelain | cut -f1,2 | truth lang/luarocks

# --- Perl: a mirror of CPAN with one distribution.
mkdir -p /make/cpan/Acme-Keel-1.23/lib/Acme && cd /make/cpan/Acme-Keel-1.23
printf 'package Acme::Keel;\nour $VERSION = "1.23";\n1;\n' >lib/Acme/Keel.pm
cat >Makefile.PL <<'J'
use ExtUtils::MakeMaker;
WriteMakefile(NAME => 'Acme::Keel', VERSION_FROM => 'lib/Acme/Keel.pm', LICENSE => 'perl');
J
printf 'MANIFEST\nMakefile.PL\nlib/Acme/Keel.pm\n' >MANIFEST
perl Makefile.PL >/dev/null && make dist >/dev/null 2>&1
mirror=/make/cpan/mirror
mkdir -p $mirror/authors/id/A/AC/ACME $mirror/modules
mv Acme-Keel-1.23.tar.gz $mirror/authors/id/A/AC/ACME/
printf 'File: 02packages.details.txt\nColumns: package name, version, path\nLine-Count: 1\n\n%s\n' \
  'Acme::Keel 1.23 A/AC/ACME/Acme-Keel-1.23.tar.gz' | gzip >$mirror/modules/02packages.details.txt.gz
root lang/cpan
cpanm --quiet --notest --mirror file://$mirror --mirror-only --local-lib "$PWD/usr/local" Acme::Keel >/dev/null
perl -Iusr/local/lib/perl5 -MAcme::Keel -e 'print "Acme-Keel\t$Acme::Keel::VERSION\n"' | truth lang/cpan
# The same by hand, from its own archive.
mkdir -p /make/cpan/hand && cd /make/cpan/hand
tar -xzf $mirror/authors/id/A/AC/ACME/Acme-Keel-1.23.tar.gz --strip-components=1
perl Makefile.PL INSTALL_BASE=/real/lang/perllocal/root/usr/local >/dev/null
make install >/dev/null
root lang/perllocal
perl -I"$PWD/usr/local/lib/perl5" -MExtUtils::Installed -e '
  my $all = ExtUtils::Installed->new(inc_override => [@ARGV]);
  for ($all->modules) { my $v = $all->version($_); s/::/-/g; print "$_\t$v\n" unless $_ eq "Perl" }
' "$PWD/usr/local/lib/perl5" | truth lang/perllocal

# --- Prolog.
mkdir -p /make/prolog/keel/prolog && cd /make/prolog
echo ':- module(keel, []).' >keel/prolog/keel.pl
cat >keel/pack.pl <<'J'
name(keel).
version('1.2.3').
title('A keel').
author('A Person', 'a@example.org').
requires(prolog >= '9.0').
J
tar -czf keel-1.2.3.tgz keel
root lang/prolog
mkdir -p usr/share/swi-prolog/pack
# It installs, and then answers no, as it cannot tell its own server.
swipl -g "pack_install('/make/prolog/keel-1.2.3.tgz', \
  [interactive(false), silent(true), inquiry(false), server(false), pack_directory('usr/share/swi-prolog/pack')])" \
  -t halt >/dev/null 2>&1 || true
swipl -g "attach_packs('usr/share/swi-prolog/pack'), \
  forall(pack_property(P, version(V)), format('~w\t~w~n', [P, V]))" -t halt | truth lang/prolog

# --- Erlang and Elixir.
place lang/otp usr/lib/erlang/lib usr/lib/elixir/lib
erl -noshell -eval '
[begin
   {ok, [{application, Name, Properties}]} = file:consult(File),
   io:format("~s\t~s~n", [Name, proplists:get_value(vsn, Properties)])
 end || Folder <- ["/usr/lib/erlang", "/usr/lib/elixir"],
        File <- filelib:wildcard(Folder ++ "/lib/*/ebin/*.app")], halt().' | truth lang/otp

# --- OCaml: a repository of opam with two packages.
for package in keel.1.2.3 hull.0.9; do
  folder=/make/opam/packages/${package%%.*}/$package
  mkdir -p "$folder"
  cat >"$folder/opam" <<'J'
opam-version: "2.0"
maintainer: "a@example.org"
authors: "A Person"
license: ["MIT"]
synopsis: "A part of a ship"
homepage: "https://example.org"
bug-reports: "https://example.org"
J
done
echo 'opam-version: "2.0"' >/make/opam/repo
echo 'depends: ["keel" {>= "1.0"}]' >>/make/opam/packages/hull/hull.0.9/opam
root lang/opam
export OPAMROOT="$PWD/root/.opam" OPAMYES=1
{
  opam init --bare --no-setup --disable-sandboxing -k local default /make/opam
  opam switch create main --empty
  opam install --switch=main hull
} >/dev/null 2>&1
opam list --switch=main --installed --columns=name,version --short 2>/dev/null |
  awk -v OFS='\t' '{ print $1, $2 }' | truth lang/opam

# --- Nix: two derivations, one of which needs the other.
mkdir -p /make/nix && cd /make/nix
export NIX_CONFIG='sandbox = false
build-users-group =
substitute = false'
cat >default.nix <<'J'
let
  make = name: script: builtins.derivation {
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" script ];
  };
  keel = make "keel-1.4.2" "echo keel > $out";
in make "hull-tools-0.9" "/bin/mkdir -p $out/bin; echo ${keel} > $out/bin/hull"
J
nix-build --quiet >/dev/null 2>&1
mkdir -p /real/os/nix/root
(cd / && cp --parents -a nix/var/nix/db/db.sqlite "$(readlink /make/nix/result | cut -c2-)" /real/os/nix/root/)
# Nix takes the name of a store path apart itself.
nix-store --query --requisites result | sed 's,/nix/store/[^-]*-,,' | while read -r name; do
  nix-instantiate --eval --json -E "with builtins.parseDrvName \"$name\"; \"\${name} \${version}\"" |
    tr -d '"' | tr ' ' '\t'
done | truth os/nix

# --- pacman: two packages of one base.
mkdir -p /make/pacman /var/lib/pacman && cd /make/pacman
cat >PKGBUILD <<'J'
pkgbase=keel
pkgname=(keel keel-tools)
pkgver=1.2.3
pkgrel=2
epoch=1
pkgdesc="A keel"
arch=(any)
license=(MIT Apache-2.0)
package_keel() { mkdir -p "$pkgdir/usr/lib/keel" && echo keel >"$pkgdir/usr/lib/keel/data"; }
package_keel-tools() { depends=(keel) && mkdir -p "$pkgdir/usr/bin" && echo keel >"$pkgdir/usr/bin/keel"; }
J
useradd --create-home builder
chown -R builder .
setpriv --reuid builder --regid builder --clear-groups env -i PATH=/usr/bin:/bin HOME=/home/builder \
  makepkg --nodeps >/dev/null 2>&1
root os/pacman
printf '[options]\nSigLevel = Never\nLocalFileSigLevel = Never\n' >/make/pacman.conf
mkdir -p var/lib/pacman
pacman --config /make/pacman.conf --root "$PWD" --dbpath "$PWD/var/lib/pacman" \
  -U --noconfirm /make/pacman/*.pkg.tar* >/dev/null 2>&1
pacman --dbpath "$PWD/var/lib/pacman" -Q | tr ' ' '\t' | truth os/pacman

# --- rpm and dnf: two packages from a repository of their own.
mkdir -p /make/rpm/repository && cd /make/rpm
cat >keel.spec <<'J'
Name: keel
Epoch: 1
Version: 1.2.3
Release: 2
Summary: A keel
License: MIT and ASL 2.0
Vendor: Acme
BuildArch: noarch
%description
A keel.
%package tools
Summary: Tools of a keel
License: GPLv3+
Requires: keel
%description tools
Tools.
%install
mkdir -p %{buildroot}/usr/lib/keel %{buildroot}/usr/bin
echo keel >%{buildroot}/usr/lib/keel/data
echo keel >%{buildroot}/usr/bin/keel
%files
/usr/lib/keel
%files tools
/usr/bin/keel
J
rpmbuild --quiet -bb --define '_topdir /make/rpm' --define '_rpmdir /make/rpm/repository' keel.spec >/dev/null 2>&1
createrepo_c --quiet repository
root os/rpm
dnf --quiet --assumeyes --installroot="$PWD" --repofrompath=hold,file:///make/rpm/repository --repo=hold \
  --nogpgcheck --setopt=cachedir=/make/rpm/cache --releasever=1 --disableplugin='*' install keel-tools >/dev/null 2>&1
rpm --root "$PWD" --query --all --queryformat '%{NAME}\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\n' |
  truth os/rpm
mkdir -p /real/os/dnf/root/var/lib && cp -a var/lib/dnf /real/os/dnf/root/var/lib/
rpm --root "$PWD" --query --all --queryformat '%{NAME}\thold\n' | truth os/dnf
# The files of these packages, and of their source.
root os/rpm-archive
mkdir -p opt/packages
(cd /make/rpm && rpmbuild --quiet -bs --define '_topdir /make/rpm' --define '_srcrpmdir /make/rpm' keel.spec >/dev/null 2>&1)
cp /make/rpm/*.src.rpm /make/rpm/repository/*/*.rpm opt/packages/
rpm --query --package --queryformat '%{NAME}\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\n' opt/packages/*.rpm |
  truth os/rpm-archive

# --- Programs.
mkdir -p /make/c && cd /make/c
echo 'int main(void) { return 0; }' >keel.c
root binary/note
mkdir -p usr/bin
gcc -o usr/bin/keel /make/c/keel.c \
  -Xlinker --package-metadata='{"type":"rpm","name":"keel","version":"1.2.3-4.fc40","architecture":"x86_64","osCpe":"cpe:/o:fedoraproject:fedora:40"}'
printf 'keel\t1.2.3-4.fc40\n' | truth binary/note
root binary/elf
mkdir -p usr/bin
cp /usr/bin/bash usr/bin/plain
upx -qqq -1 -o usr/bin/packed usr/bin/plain
upx -qqq -1 -o usr/bin/packed-static /usr/bin/busybox
printf 'usr/bin/packed\tpacked\nusr/bin/plain\t\nusr/bin/packed-static\tpacked\n' | truth binary/elf
# Some are links to others of the same program.
root binary/version
mkdir -p usr/bin
cp -L /usr/bin/bash /usr/bin/busybox /usr/sbin/haproxy /usr/bin/memcached /usr/bin/perl /usr/bin/redis-server usr/bin/
cp -L --parents /usr/lib/*/libcrypto.so.3 .
{
  bash --version | sed -n "s/^GNU bash, version \([0-9.]*\).*/bash$tab\1/p"
  busybox | sed -n "1s/^BusyBox v\([0-9.]*\).*/busybox$tab\1/p"
  haproxy -v | sed -n "s/^HAProxy version \([0-9.]*\).*/haproxy$tab\1/p"
  memcached -V | sed -n "s/^memcached \([0-9.]*\).*/memcached$tab\1/p"
  perl -e 'printf "perl\t%vd\n", $^V'
  redis-server --version | sed -n "s/.* v=\([0-9.]*\) .*/redis$tab\1/p"
  openssl version | sed -n "s/^OpenSSL \([0-9.]*\).*/openssl$tab\1/p"
} | truth binary/version

# The first word behind `#!` is what the kernel starts.
root binary/script
mkdir -p usr/bin
find /usr/bin -maxdepth 1 -type f -exec grep -lam1 '^#!' '{}' + | while read -r file; do
  interpreter=$(sed -n '1s/^#! *\([^ ]*\).*/\1/p' "$file")
  if [ -n "$interpreter" ]; then
    cp "$file" usr/bin/
    echo "${file#/}$tab$interpreter"
  fi
done | truth binary/script

# --- Files of packages that need not be installed.
mkdir -p /make/debs/root
for package in /make/debs/*.deb; do dpkg-deb --extract "$package" /make/debs/root; done
# The files themselves: as Debian packs them, and in every other way that dpkg has.
root os/deb-archive
mkdir -p opt/packages
cp /make/debs/libexpat1_*.deb /make/debs/xz-utils_*.deb opt/packages/
dpkg-deb --raw-extract /make/debs/zstd_*.deb /make/repacked
version=$(dpkg-deb --field /make/debs/zstd_*.deb Version)
for way in none gzip xz zstd; do
  sed -i "s/^Version: .*/Version: $version+$way/" /make/repacked/DEBIAN/control
  dpkg-deb -Z$way --root-owner-group --build /make/repacked "opt/packages/zstd-$way.deb" >/dev/null
done
for package in opt/packages/*.deb; do dpkg-deb --show --showformat='${Package}\t${Version}\n' "$package"; done |
  truth os/deb-archive
# Programs and libraries, each with what Debian says is its upstream version.
root binary/version@packages
(cd /make/debs/root && cp --parents -a usr/bin usr/sbin usr/lib/x86_64-linux-gnu /real/binary/version@packages/root/)
for package in apache2-bin:httpd curl:curl libexpat1:expat libsqlcipher1:sqlcipher lighttpd:lighttpd nginx:nginx \
  slapd:openldap valkey-tools:valkey xz-utils:xz zstd:zstd; do
  version=$(dpkg-deb --field /make/debs/${package%:*}_*.deb Version)
  version=${version#*:}
  echo "${package#*:}$tab${version%%[-+]*}"
done | truth binary/version@packages
root lang/cran
(cd /make/debs/root && cp --parents -a usr/lib/R/site-library /real/lang/cran/root/)
for package in /make/debs/r-cran-*.deb; do
  name=$(basename "${package%%_*}")
  version=$(dpkg-deb --field "$package" Version)
  echo "${name#r-cran-}$tab${version%%[-+]*}"
done | truth lang/cran
root lang/jar
(cd /make/debs/root && cp --parents -a usr/share/java /real/lang/jar/root/)
# Maven's own description of a project.
root lang/pom
mkdir app && find /make/debs/root/usr/share/maven-repo -name 'jackson-databind-*.pom' -exec cp '{}' app/pom.xml \;
root lang/go-mod
(cd /make/debs/root && find . -name go.mod -exec cp --parents -a '{}' /real/lang/go-mod/root/ \;)
# --- Programs with rights of their own, as their packages installed them; the copies have none, so they are written down.
root binary/privilege
{
  (cd /usr && find . -xdev -type f -perm /6000 -printf 'usr/%P\n')
  getcap -r /usr 2>/dev/null | sed 's,^/\([^ ]*\).*,\1,'
} | sort -u | while read -r file; do
  (cd / && cp --parents "$file" /real/binary/privilege/root/)
  python3 - "$file" <<'J' >>/real/binary/privilege/rights
import os, sys
facts = os.stat(f"/{sys.argv[1]}")
try:
    capability = os.getxattr(f"/{sys.argv[1]}", "security.capability").hex()
except OSError:
    capability = "-"
print(f"{facts.st_mode & 0o7777:o}", facts.st_uid, facts.st_gid, capability, sys.argv[1])
J
done
{
  (cd /usr && find . -xdev -type f -perm -4000 -printf 'usr/%P\tsetuid %U\n' -o -xdev -type f -perm -2000 -printf 'usr/%P\tsetgid %G\n')
  getcap -r /usr 2>/dev/null | sed "s,^/\([^ ]*\) \([a-z_]*\)=.*,\1$tab\2,"
} | truth binary/privilege

# --- Repositories that zypper was told not to verify.
root os/repositories
zypper --quiet --non-interactive --root "$PWD" addrepo --no-gpgcheck --no-refresh https://example.org/loose loose
zypper --quiet --non-interactive --root "$PWD" addrepo --no-refresh https://example.org/tight tight
zypper --root "$PWD" --xmlout repos --details |
  sed -n "s,.*<repo alias=\"\([^\"]*\)\".* gpgcheck=\"0\".*,etc/zypp/repos.d/\1.repo${tab}gpgcheck,p" | truth os/repositories

# --- A snap, which snapd mounts where it is unpacked here.
mkdir -p /make/snap/meta
cat >/make/snap/meta/snap.yaml <<'J'
name: keel
version: '1.2.3+git4'
summary: A keel
description: A keel
base: bare
architectures: [all]
J
cd /make && /make/debs/root/usr/bin/snap pack /make/snap /make >/dev/null
root os/snap
mkdir -p snap/keel
unsquashfs -quiet -no-progress -dest snap/keel/x1 /make/keel_*.snap >/dev/null
(cd /make && /make/debs/root/usr/bin/snap info --verbose ./keel_*.snap) |
  awk -v OFS='\t' '$1 == "name:" { name = $2 } $1 == "version:" { print name, $2 }' | truth os/snap

# --- WordPress, which reads the heads of its plugins itself.
root lang/wordpress
(cd /make/debs/root && cp --parents -aL usr/share/wordpress/wp-content/plugins /real/lang/wordpress/root/)
php -r '
define("ABSPATH", "/make/debs/root/usr/share/wordpress/");
define("WPINC", "wp-includes");
foreach (["default-constants", "load", "functions"] as $part) require ABSPATH . WPINC . "/$part.php";
$blog_id = 1;
wp_initial_constants();
foreach (glob(ABSPATH . "wp-content/plugins/*/*.php") as $file) {
  $head = get_file_data($file, ["name" => "Plugin Name", "version" => "Version"]);
  if ($head["name"] !== "") echo basename(dirname($file)), "\t$head[version]\n";
}' | truth lang/wordpress

# --- Locks that NuGet wrote, which the tests of a parser of them keep under other names.
tests=/make/debs/root/usr/share/gocode/src/github.com/aquasecurity/go-dep-parser/pkg/nuget
for lock in simple multi subdependencies; do
  root lang/nuget@$lock
  mkdir app && cp "$tests/lock/testdata/packages_lock_$lock.json" app/packages.lock.json
  python3 - app/packages.lock.json <<'J' | truth lang/nuget@$lock
import json, sys
for target in json.load(open(sys.argv[1]))["dependencies"].values():
    for name, entry in target.items():
        if entry["type"] != "Project":
            print(name, entry["resolved"], sep="\t")
J
done
root lang/nuget@config
mkdir app && cp "$tests/config/testdata/packages.config" app/
python3 - app/packages.config <<'J' | truth lang/nuget@config
import sys, xml.etree.ElementTree
for package in xml.etree.ElementTree.parse(sys.argv[1]).iter("package"):
    print(package.get("id"), package.get("version"), sep="\t")
J

# --- Locks in what makers of packages published: Mix and Rebar, Julia, vcpkg.
mkdir /make/published && cd /make/published
for archive in /make/sources/*.orig.tar.*; do
  tar -xf "$archive" --wildcards '*/mix.lock' '*/rebar.lock' '*/.buildkite/Manifest.toml' '*/installed/vcpkg/status' 2>/dev/null || true
done
for file in */mix.lock */rebar.lock; do
  id=lang/hex@$(echo "$file" | tr / -)
  root "$id"
  mkdir app && cp "/make/published/$file" app/
  case $file in
    *mix.lock) elixir -e '
{lock, _} = Code.eval_string(File.read!("app/mix.lock"))
for {_, entry} <- lock, elem(entry, 0) == :hex, do: IO.puts("#{elem(entry, 1)}\t#{elem(entry, 2)}")' ;;
    *) erl -noshell -eval '
{ok, [{_, Locked} | _]} = file:consult("app/rebar.lock"),
[io:format("~s\t~s~n", [Name, Version]) || {_, {pkg, Name, Version}, _} <- Locked], halt().' ;;
  esac | truth "$id"
done
root lang/julia
mkdir app && cp /make/published/rr-*/.buildkite/Manifest.toml app/
python3 - app/Manifest.toml <<'J' | truth lang/julia
import sys, tomllib
for name, entries in tomllib.load(open(sys.argv[1], "rb"))["deps"].items():
    for entry in entries:
        if "version" in entry:
            print(name, entry["version"], sep="\t")
J
root lang/vcpkg
cp -a /make/published/Alien-Build-*/corpus/vcpkg/r2/installed .
python3 - installed/vcpkg/status <<'J' | truth lang/vcpkg
import sys
from debian.deb822 import Deb822
for port in Deb822.iter_paragraphs(open(sys.argv[1])):
    if "Feature" not in port and port["Status"] == "install ok installed":
        print(port["Package"], port["Version"] + ("#" + port["Port-Version"] if "Port-Version" in port else ""), sep="\t")
J
chmod -R u+rwX,go+rX /real
