#!/usr/bin/env python3
"""Asks the native tools of the version schemes, and writes tables of their answers.

  generate.py table SCHEME COUNT COMPARE      print a table of COUNT generated pairs; `@` marks those
                                              that examples/compare answers otherwise
  generate.py ask SCHEME COUNT [--real FILE]  print the tool's answers, until it has put COUNT generated
                                              pairs in order, and COUNT of the versions in FILE
  generate.py answer SCHEME                   answer the pairs on standard input, `a<TAB>b`
  generate.py tool SCHEME                     print what tool answers, and its version

The pairs come from a seeded generator (--seed, default 1), so a table can be made again byte for byte.
FILE holds lines `package<TAB>version`; pairs of it are of one package, or of a version and a near relation.
README.md beside this file says which tool answers for which scheme and where it is looked for.
A tool that is not there ends the program with the code 3.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

INVALID = "?"


def run(command, **options):
    return subprocess.run(command, check=True, text=True, capture_output=True, **options).stdout


def sign(number):
    return "<" if number < 0 else ">" if number > 0 else "="


# --- Generators: small alphabets, so that versions meet and nearly meet. -------------------------


def number(rng, padded=False):
    kind = rng.random()
    if kind < 0.70:
        text = str(rng.randint(0, 4))
    elif kind < 0.85:
        text = str(rng.choice([9, 10, 11, 19, 20, 99, 100]))
    elif kind < 0.97:
        text = str(rng.randint(0, 30000))
    else:
        text = str(rng.randint(10**8, 10**9))
    return "0" * rng.randint(1, 2) + text if padded and rng.random() < 0.15 else text


def dotted(rng, low, high, padded=False):
    return ".".join(number(rng, padded) for _ in range(rng.randint(low, high)))


def soup(rng, alphabet, low, high):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(low, high)))


def deb(rng):
    text = rng.choice(["", "", "", "0:", "1:", "2:"]) + dotted(rng, 1, 3, True)
    for _ in range(rng.randint(0, 3)):
        text += rng.choice(["~", "+", ".", "-", "a", "b", "~rc", "+dfsg", "-0ubuntu", "+deb11u", "~bpo", "+b", "Z", ":"])
        text += rng.choice(["", number(rng, True)])
    return text


def rpm(rng):
    text = rng.choice(["", "", "", "0:", "1:", "2:"]) + dotted(rng, 1, 3, True)
    for _ in range(rng.randint(0, 3)):
        text += rng.choice(["~", "^", ".", "_", "+", "a", "b", "~rc", "^git", "..", "Z"]) + rng.choice(["", number(rng, True)])
    if rng.random() < 0.6:
        text += "-" + number(rng, True) + rng.choice(["", ".el8", ".el9", ".fc39", "~a", "^b", ".1", "_"])
    return text


def apk(rng):
    text = dotted(rng, 1, 3, True)
    if rng.random() < 0.25:
        text += rng.choice("abz")
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        suffixes = ["alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p", "foo"]
        text += "_" + rng.choice(suffixes) + rng.choice(["", number(rng, True)])
    if rng.random() < 0.1:
        text += "~" + soup(rng, "0a9f", 1, 3)
    if rng.random() < 0.6:
        text += "-r" + number(rng, True)
    return text


def semver(rng):
    text = dotted(rng, 3, 3, rng.random() < 0.05)
    if rng.random() < 0.6:
        words = ["alpha", "beta", "rc", "0", "1", "2", "10", "a", "A", "-", "1a", "01", "0a", "x-y", ""]
        weights = [4, 4, 4, 4, 4, 4, 4, 3, 3, 2, 3, 0.2, 2, 2, 0.2]
        text += "-" + ".".join(rng.choices(words, weights, k=rng.randint(1, 3)))
    if rng.random() < 0.15:
        text += "+" + rng.choice(["1", "001", "build.5", "sha-1"])
    return text


def pep440(rng):
    text = rng.choice(["", "", "", "", "v", "1!", "0!"]) + dotted(rng, 1, 4, True)
    parts = ["a", "b", "rc", "c", "alpha", "BETA", "pre", "preview", "post", "rev", "r", "dev", "-", "A"]
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        text += rng.choice(["", "", ".", "-", "_"]) + rng.choice(parts) + rng.choice(["", ".", "-", "_", "", ""])
        text += rng.choice(["", number(rng, True), number(rng)])
    if rng.random() < 0.15:
        text += "+" + rng.choice(["cpu", "cu118", "1", "10", "1.abc", "abc.1", "ABC_2", "2-1", "01", "abc"])
    return text


def maven(rng):
    text = dotted(rng, 1, 3, True)
    words = ["alpha", "beta", "a", "b", "m", "milestone", "rc", "cr", "snapshot", "SNAPSHOT", "ga", "Final"]
    words += ["RELEASE", "sp", "x", "jre", "android", "redhat", "Beta", "0", "1", "2", "10", "00"]
    for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
        text += rng.choice([".", "-", "-", ""]) + rng.choice(words) + rng.choice(["", "", number(rng, True)])
    return text


def go(rng):
    if rng.random() < 0.25:
        text = "go" + dotted(rng, 1, 1) + "." + rng.choice(["4", "20", "21", "22", "100"])
        return text + rng.choice(["", ".0", ".1", ".3", ".10", "rc1", "rc2", "beta1", "rc", ".1rc1", "-fips", "alpha2"])
    text = "v" + semver(rng)
    kind = rng.random()
    if kind < 0.1:
        return "v" + dotted(rng, 1, 2)
    if kind < 0.25:
        stamp = rng.choice(["20200101000000", "20210630120000", "20210630120001"])
        return "v" + dotted(rng, 3, 3) + rng.choice(["-", "-0.", "-rc.1.0."]) + stamp + "-" + soup(rng, "0af", 12, 12)
    return text + ("+incompatible" if kind < 0.35 and "+" not in text else "")


def gem(rng):
    text = dotted(rng, 1, 5, True)
    for _ in range(rng.choice([0, 0, 1, 2])):
        words = ["a", "b", "rc", "pre", "beta1", "rc2", "1a2", "A", "0", "00", "x10"]
        text += rng.choice([".", ".", "-", ""]) + rng.choice(words)
    return text


def nuget(rng):
    text = semver(rng)
    return text if rng.random() < 0.5 else dotted(rng, 1, 5, True) + text[len(text.split("-")[0]) :]


def composer(rng):
    kind = rng.random()
    if kind < 0.08:
        return rng.choice(["2010-01-02", "20100102", "2010.01.02", "2010-01-02.5", "201001", "2010-1", "20100102-1"])
    if kind < 0.14:
        return rng.choice(["", "v"]) + rng.choice(["1", "2", "10"]) + rng.choice(["", ".x", ".1.x", ".*", ".1.2.3"]) + "-dev"
    text = rng.choice(["", "", "v"]) + dotted(rng, 1, 4, True)
    words = ["alpha", "beta", "RC", "rc", "a", "b", "p", "pl", "patch", "stable", "dev", "foo"]
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        text += rng.choice(["-", ".", "", "_"]) + rng.choice(words)
        text += rng.choice(["", number(rng), "." + number(rng), "-" + number(rng)])
    return text + rng.choice(["", "", "", "-dev", "+build"])


def pacman(rng):
    text = rng.choice(["", "", "", "0:", "1:", "2:"]) + dotted(rng, 1, 3, True)
    for _ in range(rng.randint(0, 3)):
        text += rng.choice(["~", "+", ".", "_", "a", "b", "rc", ".rc", "+r", "..", "Z", "^"]) + rng.choice(["", number(rng, True)])
    return text + rng.choice(["", "-"]) * (rng.random() < 0.05) + ("-" + number(rng) + rng.choice(["", "", ".1"]) if rng.random() < 0.8 else "")


def portage(rng):
    text = dotted(rng, 1, 4, True) + rng.choice(["", "", "", "a", "b", "z"])
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        text += "_" + rng.choice(["alpha", "beta", "pre", "rc", "p"]) + rng.choice(["", number(rng, True)])
    return text + rng.choice(["", "", "-r" + number(rng, True)])


def plain_semver(rng):
    # Pub and Swift order these as Semantic Versioning does; their tables by hand hold the rest.
    return semver(rng).split("+")[0]


def cran(rng):
    return rng.choice([".", "-"]).join([dotted(rng, 1, 3, True), dotted(rng, 1, 2, True)])


def hackage(rng):
    return dotted(rng, 1, 5, rng.random() < 0.1)


def conan(rng):
    text = rng.choice(["", "", "", "cci.", "v", "rel-"]) + dotted(rng, 1, 4, True)
    text += rng.choice(["", "", "", "a", "b", "k", "t", ".x", "rc1"])
    words = ["rc1", "rc2", "rc.1", "alpha", "beta.2", "0", "1", "10", "p1-2", "dev"]
    text += rng.choice(["", "", "-"  + rng.choice(words)])
    return text + rng.choice(["", "", "+" + rng.choice(["1", "2", "10", "abc", "1.0", "b.2"])])


def kb(rng):
    return rng.choice(["KB", "KB", "kb", ""]) + str(rng.choice([rng.randint(0, 30), rng.randint(2500000, 5100000)]))


def mutate(rng, text):
    """A near relation of a version: most orders are decided by small differences."""
    position = rng.randint(0, len(text))
    kind = rng.random()
    if kind < 0.35:
        return text + rng.choice([".0", ".1", "0", "1", "-1", "~", "a", "-0", "rc1", "-rc1", ".dev1", "+x"])
    if kind < 0.65 and text:
        position = rng.randrange(len(text))
        return text[:position] + rng.choice("0123459.-~^+_abrz") + text[position + 1 :]
    if kind < 0.80:
        return text[:position]
    return text[:position] + rng.choice("0123459.-~^+_abrz") + text[position:]


def pairs(scheme, seed):
    rng = random.Random(f"{scheme} {seed}")
    make = GENERATORS[scheme]
    seen = set()
    while True:
        left = make(rng)
        right = mutate(rng, left) if rng.random() < 0.5 else make(rng)
        if left and right and (left, right) not in seen:
            seen.add((left, right))
            yield left, right


def real_pairs(scheme, path, seed):
    """Pairs of real versions without end: two of one package, or one and a near relation of it."""
    rng = random.Random(f"{scheme} real {seed}")
    packages = {}
    for line in Path(path).read_text().splitlines():
        package, version = line.split("\t")
        packages.setdefault(package, []).append(version)
    packages = list(packages.values())
    tries = 0
    seen = set()
    while packages and tries < 1_000_000:
        tries += 1
        versions = rng.choice(packages)
        left = rng.choice(versions)
        right = mutate(rng, left) if rng.random() < 0.25 else rng.choice(versions)
        if left and right and left != right and (left, right) not in seen:
            seen.add((left, right))
            yield left, right


# --- Native tools: each takes the pairs and gives one of `<`, `=`, `>`, `?` for each. ------------


DPKG = """
#include <stdio.h>
#include <string.h>
#include <dpkg/dpkg.h>
#include <dpkg/dpkg-db.h>
#include <dpkg/version.h>
const char thisname[] = "ask";
static int fine(struct dpkg_version *version, const char *text) {
  struct dpkg_error error = DPKG_ERROR_INIT;
  /* Of what it only warns, `dpkg --compare-versions` takes no notice either. */
  return parseversion(version, text, &error) == 0 || error.type == DPKG_MSG_WARN;
}
int main(void) {
  static char line[1 << 16];
  dpkg_program_init(thisname);
  while (fgets(line, sizeof line, stdin)) {
    struct dpkg_version left, right;
    char *tab = strchr(line, '\\t');
    line[strcspn(line, "\\n")] = 0;
    *tab = 0;
    if (!fine(&left, line) || !fine(&right, tab + 1)) { puts("?"); continue; }
    int order = dpkg_version_compare(&left, &right);
    puts(order < 0 ? "<" : order > 0 ? ">" : "=");
  }
  return 0;
}
"""


def ask_libdpkg(todo):
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder) / "ask.c", Path(folder) / "ask"
        source.write_text(DPKG)
        run(["cc", "-DLIBDPKG_VOLATILE_API", "-o", str(program), str(source), "-ldpkg", "-lmd"])
        return run([str(program)], input=feed(todo)).split()


def ask_deb(todo):
    if os.environ.get("LIBDPKG"):
        return ask_libdpkg(todo)
    from concurrent.futures import ThreadPoolExecutor

    def ask(pair):
        for operator, answer in (("lt", "<"), ("eq", "="), ("gt", ">")):
            # With warnings as errors off, dpkg answers for what it only warns about.
            command = ["dpkg", "--compare-versions", pair[0], operator, pair[1]]
            code = subprocess.run(command, capture_output=True).returncode
            if code == 0:
                return answer
            if code != 1:
                return INVALID
        return INVALID

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(ask, todo))


def ask_rpm(todo):
    lines = feed(todo)
    script = 'local t = {} for line in io.lines("%s") do local a, b = line:match("^([^\\t]*)\\t([^\\t]*)$")'
    script += " local ok, r = pcall(rpm.vercmp, a, b); t[#t + 1] = ok and r or 9 end print(table.concat(t, ' '))"
    with on_disk(lines) as path:
        out = run(["rpm", "--eval", "%{lua: " + script % path + "}"]).split()
    return [INVALID if answer == "9" else sign(int(answer)) for answer in out]


LIBAPK = """
#include <stdio.h>
#include <string.h>
typedef struct { long length; char *text; } blob;
int apk_version_validate(blob);
int apk_version_compare_blob(blob, blob);
static blob of(char *text) { blob it = { (long)strlen(text), text }; return it; }
int main(void) {
  static char line[1 << 16];
  while (fgets(line, sizeof line, stdin)) {
    char *tab = strchr(line, '\\t');
    line[strcspn(line, "\\n")] = 0;
    *tab = 0;
    blob left = of(line), right = of(tab + 1);
    if (!apk_version_validate(left) || !apk_version_validate(right)) { puts("?"); continue; }
    int order = apk_version_compare_blob(left, right);
    puts(order == 2 ? "<" : order == 4 ? ">" : "=");
  }
  return 0;
}
"""


def apk_root():
    return Path(os.environ.get("APK_ROOT") or missing("APK_ROOT"))


def ask_apk(todo):
    root = apk_root()
    libraries = sorted(root.glob("lib/libapk.so.*")) or missing(root / "lib/libapk.so")
    with tempfile.TemporaryDirectory(dir=root / "tmp") as folder:
        source, program = Path(folder) / "ask.c", Path(folder) / "ask"
        source.write_text(LIBAPK)
        # The library is Alpine's, so that its C library has to be musl.
        run(["musl-gcc", "-o", str(program), str(source), str(libraries[-1]), "-Wl,--allow-shlib-undefined"])
        os.chmod(folder, 0o755)
        return run(["chroot", str(root), f"/{program.relative_to(root)}"], input=feed(todo)).split()


NODE = """
const semver = require(process.argv[1]);
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').filter(Boolean);
for (const line of lines) {
  const [a, b] = line.split('\\t').map(text => semver.parse(text));
  console.log(a && b ? '<=>'[semver.compare(a, b) + 1] : '?');
}
"""


def node_semver():
    place = os.environ.get("NODE_SEMVER")
    return Path(place or Path(run(["npm", "root", "-g"]).strip()) / "npm/node_modules/semver")


def ask_node(todo):
    return run(["node", "-e", NODE, str(node_semver())], input=feed(todo)).split()


def packaging():
    import importlib

    try:
        return importlib.import_module("packaging.version")
    except ModuleNotFoundError:
        # pip brings a copy of its own.
        return importlib.import_module("pip._vendor.packaging.version")


def ask_pep440(todo):
    InvalidVersion, Version = packaging().InvalidVersion, packaging().Version

    def ask(pair):
        try:
            left, right = (Version(text) for text in pair)
        except InvalidVersion:
            return INVALID
        return sign((left > right) - (left < right))

    return [ask(pair) for pair in todo]


JAVA = """
import org.apache.maven.artifact.versioning.ComparableVersion;
import java.io.*;
public class Ask {
  public static void main(String[] a) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = in.readLine()) != null; ) {
      String[] f = line.split("\\t");
      int c = new ComparableVersion(f[0]).compareTo(new ComparableVersion(f[1]));
      System.out.println(c < 0 ? "<" : c > 0 ? ">" : "=");
    }
  }
}
"""


def maven_artifact():
    return os.environ.get("MAVEN_ARTIFACT", "/usr/share/java/maven-artifact-3.x.jar")


def ask_maven(todo):
    jar = maven_artifact()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "Ask.java"
        source.write_text(JAVA)
        return run(["java", "-cp", jar, str(source)], input=feed(todo)).split()


GO = """
package main
import ("bufio"; "fmt"; "go/version"; "os"; "strings"; "golang.org/x/mod/semver")
func main() {
  in := bufio.NewScanner(os.Stdin)
  for in.Scan() {
    f := strings.Split(in.Text(), "\\t")
    a, b := f[0], f[1]
    switch {
    case strings.HasPrefix(a, "go") && strings.HasPrefix(b, "go") && version.IsValid(a) && version.IsValid(b):
      fmt.Println([]string{"<", "=", ">"}[version.Compare(a, b)+1])
    case semver.IsValid(a) && semver.IsValid(b):
      fmt.Println([]string{"<", "=", ">"}[semver.Compare(a, b)+1])
    default:
      fmt.Println("?")
    }
  }
}
"""


def ask_go(todo):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "ask.go"
        source.write_text(GO)
        tool = os.environ.get("GO", "go")
        path = os.environ.get("GOPATH", "/usr/share/gocode")
        env = os.environ | {"GO111MODULE": "off", "GOPATH": path, "GOTOOLCHAIN": "local"}
        return run([tool, "run", str(source)], input=feed(todo), env=env).split()


CSHARP = """
using System; using System.Reflection;
public class Ask {
  public static void Main(string[] a) {
    var type = Assembly.LoadFrom(a[0]).GetType("NuGet.Versioning.NuGetVersion", true);
    var parse = type.GetMethod("TryParse", new[] { typeof(string), type.MakeByRefType() });
    for (string line; (line = Console.ReadLine()) != null; ) {
      var f = line.Split('\\t');
      var l = new object[] { f[0], null };
      var r = new object[] { f[1], null };
      bool both = (bool)parse.Invoke(null, l) && (bool)parse.Invoke(null, r);
      int c = both ? ((IComparable)l[1]).CompareTo(r[1]) : 0;
      Console.WriteLine(!both ? "?" : c < 0 ? "<" : c > 0 ? ">" : "=");
    }
  }
}
"""


def nuget_exe():
    return Path(os.environ.get("NUGET_EXE") or missing("NUGET_EXE"))


def ask_nuget(todo):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "Ask.cs"
        source.write_text(CSHARP)
        run(["mcs", str(source)])
        return run(["mono", str(source.with_suffix(".exe")), str(nuget_exe())], input=feed(todo)).split()


RUBY = """
STDIN.each_line(chomp: true) do |line|
  a, b = line.split("\\t").map { |text| Gem::Version.correct?(text) ? Gem::Version.new(text) : nil }
  puts(a && b ? '<=>'[(a <=> b) + 1] : '?')
end
"""


def ask_gem(todo):
    return run(["ruby", "-e", RUBY], input=feed(todo)).split()


PHP = r"""
require getenv('COMPOSER_SEMVER') ?: '/usr/share/php/Composer/Semver/autoload.php';
$parser = new Composer\Semver\VersionParser();
while (($line = fgets(STDIN)) !== false) {
  [$a, $b] = explode("\t", rtrim($line, "\n"));
  try {
    $a = $parser->normalize($a); $b = $parser->normalize($b);
    $branch = str_starts_with($a, 'dev-') || str_starts_with($b, 'dev-');
    echo $branch ? '?' : '<=>'[version_compare($a, $b) + 1], "\n";
  } catch (UnexpectedValueException $e) { echo "?\n"; }
}
"""


def ask_composer(todo):
    return run(["php", "-r", PHP], input=feed(todo)).split()


def libalpm():
    import ctypes
    import ctypes.util

    return ctypes.CDLL(os.environ.get("LIBALPM") or ctypes.util.find_library("alpm") or missing("libalpm"))


def ask_pacman(todo):
    ask = libalpm().alpm_pkg_vercmp
    return [sign(ask(left.encode(), right.encode())) for left, right in todo]


def ask_portage(todo):
    from portage.versions import vercmp, ververify

    def ask(left, right):
        # Portage also checks what a caller must: its comparison answers for much that is no version.
        both = ververify(left, silent=1) and ververify(right, silent=1)
        return sign(vercmp(left, right)) if both else INVALID

    return [ask(left, right) for left, right in todo]


ELIXIR = """
for line <- IO.stream(:stdio, :line) do
  [a, b] = line |> String.trim_trailing("\\n") |> String.split("\\t") |> Enum.map(&Version.parse/1)
  with {:ok, a} <- a, {:ok, b} <- b do
    IO.puts(%{lt: "<", eq: "=", gt: ">"}[Version.compare(a, b)])
  else
    _ -> IO.puts("?")
  end
end
"""


def ask_hex(todo):
    with tempfile.NamedTemporaryFile("w", suffix=".exs") as script:
        script.write(ELIXIR)
        script.flush()
        return run(["elixir", script.name], input=feed(todo)).split()


R = """
lines <- strsplit(readLines(file("stdin")), "\\t")
small <- function(text) all(nchar(sub("^0+", "", strsplit(text, "[.-]")[[1]])) < 10)
for (pair in lines) {
  fine <- all(!is.na(numeric_version(pair, strict = FALSE))) && small(pair[1]) && small(pair[2])
  cat(if (fine) c("<", "=", ">")[compareVersion(pair[1], pair[2]) + 2] else "?", "\\n", sep = "")
}
"""


def ask_cran(todo):
    return run(["Rscript", "--vanilla", "-e", R], input=feed(todo)).split()


HASKELL = """
import Distribution.Parsec (simpleParsec)
import Distribution.Version (Version)

answer :: String -> String
answer line = case (simpleParsec a, simpleParsec (drop 1 b)) of
  (Just x, Just y) -> case compare (x :: Version) y of { LT -> "<"; EQ -> "="; GT -> ">" }
  _ -> "?"
  where (a, b) = break (== '\\t') line

main :: IO ()
main = interact (unlines . map answer . lines)
"""


def ask_hackage(todo):
    with tempfile.NamedTemporaryFile("w", suffix=".hs") as source:
        source.write(HASKELL)
        source.flush()
        return run(["runghc", source.name], input=feed(todo)).split()


def ask_conan(todo):
    from conan.internal.model.version import Version

    def ask(left, right):
        left, right = Version(left), Version(right)
        return "=" if left == right else "<" if left < right else ">"

    return [ask(left, right) for left, right in todo]


def ask_kb(todo):
    def value(text):
        digits = text[2:] if text[:2].lower() == "kb" else text
        return int(digits) if digits.isdecimal() and digits.isascii() else None

    pairs = ((value(left), value(right)) for left, right in todo)
    return [INVALID if None in pair else sign((pair[0] > pair[1]) - (pair[0] < pair[1])) for pair in pairs]


# --- What answers: the tool's name and version. ---------------------------------------------------


def first_line(*command):
    return run([*command]).strip().splitlines()[0]


def debian_package(name):
    return run(["dpkg-query", "-W", "-f", "${Version}", name])


def python_package(name):
    from importlib.metadata import version

    return version(name)


def tool_deb():
    if os.environ.get("LIBDPKG"):
        return "`dpkg_version_compare`, libdpkg " + debian_package("libdpkg-dev")
    return "`dpkg --compare-versions`, dpkg " + debian_package("dpkg")


def tool_apk():
    run(["musl-gcc", "--version"])
    return "`apk_version_compare_blob`, " + first_line("chroot", str(apk_root()), "apk", "--version").split(",")[0]


def tool_node():
    version = run(["node", "-p", "require(process.argv[1] + '/package.json').version", str(node_semver())]).strip()
    return f"node-semver {version}"


def tool_pep440():
    module = packaging().__name__
    return "packaging " + (python_package("packaging") if module.startswith("packaging") else f"of pip {python_package('pip')}")


def tool_maven():
    import zipfile

    with zipfile.ZipFile(maven_artifact()) as jar:
        text = jar.read("META-INF/maven/org.apache.maven/maven-artifact/pom.properties").decode()
    return "`ComparableVersion`, maven-artifact " + text.split("version=")[1].split()[0]


def tool_go():
    tool = first_line(os.environ.get("GO", "go"), "version").split()[2]
    return f"`golang.org/x/mod/semver` {debian_package('golang-golang-x-mod-dev')} and `go/version` of {tool}"


def tool_composer():
    package = debian_package("php-composer-semver")
    return f"composer/semver {package} and `version_compare` of PHP {run(['php', '-r', 'echo PHP_VERSION;'])}"


def tool_pacman():
    import ctypes

    alpm = libalpm()
    alpm.alpm_version.restype = ctypes.c_char_p
    return "`alpm_pkg_vercmp`, libalpm " + alpm.alpm_version().decode()


def tool_nuget():
    return f"`NuGetVersion` of `{nuget_exe().name}`"


NAMES = {
    "deb": tool_deb,
    "rpm": lambda: "`rpm.vercmp`, " + first_line("rpm", "--version"),
    "apk": tool_apk,
    "semver": tool_node,
    "npm": tool_node,
    "pep440": tool_pep440,
    "maven": tool_maven,
    "go": tool_go,
    "gem": lambda: "`Gem::Version`, RubyGems " + first_line("gem", "--version"),
    "nuget": tool_nuget,
    "composer": tool_composer,
    "pacman": tool_pacman,
    "portage": lambda: "`vercmp`, portage " + python_package("portage"),
    "hex": lambda: "`Version.compare`, " + run(["elixir", "--short-version"]).strip(),
    "pub": lambda: tool_node() + ", for the part that is Semantic Versioning's",
    "swift": lambda: tool_node() + ", for the part that is Semantic Versioning's",
    "cran": lambda: "`compareVersion`, " + first_line("R", "--version").split(" (")[0],
    "hackage": lambda: "`Distribution.Version`, Cabal " + run(["ghc-pkg", "--simple-output", "field", "Cabal", "version"]).strip(),
    "conan": lambda: "`Version` of Conan " + python_package("conan"),
    "kb": lambda: "integers of Python",
}


def missing(what):
    raise FileNotFoundError(f"`{what}` is not there")


def feed(todo):
    return "".join(f"{left}\t{right}\n" for left, right in todo)


class on_disk:
    def __init__(self, text):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".tsv")
        self.file.write(text)
        self.file.flush()

    def __enter__(self):
        return self.file.name

    def __exit__(self, *_):
        self.file.close()


GENERATORS = {
    "deb": deb, "rpm": rpm, "apk": apk, "semver": semver, "npm": semver, "pep440": pep440,
    "maven": maven, "go": go, "gem": gem, "nuget": nuget, "composer": composer,
    "pacman": pacman, "portage": portage, "hex": semver, "pub": plain_semver, "swift": plain_semver,
    "cran": cran, "hackage": hackage, "conan": conan, "kb": kb,
}
TOOLS = {
    "deb": ask_deb, "rpm": ask_rpm, "apk": ask_apk, "semver": ask_node, "npm": ask_node,
    "pep440": ask_pep440, "maven": ask_maven, "go": ask_go, "gem": ask_gem, "nuget": ask_nuget,
    "composer": ask_composer, "pacman": ask_pacman,
    "portage": ask_portage, "hex": ask_hex, "pub": ask_node, "swift": ask_node, "cran": ask_cran,
    "hackage": ask_hackage, "conan": ask_conan, "kb": ask_kb,
}


def ours(scheme, todo, program):
    lines = "".join(f"{scheme}\t{left}\t{right}\n" for left, right in todo)
    return run([program], input=lines).split()


def table(options):
    todo = list(islice(pairs(options.scheme, options.seed), options.count))
    native = TOOLS[options.scheme](todo)
    assert len(native) == len(todo), (len(native), len(todo))
    print(f"# {options.count} pairs, seed {options.seed}, made by generate.py; see README.md.")
    own = ours(options.scheme, todo, options.program)
    for (left, right), answer, here in zip(todo, native, own):
        mark = "" if answer == here else "@ "
        print(f"{mark}{left} {answer} {right}")


def ask(options):
    sources = {"generated": pairs(options.scheme, options.seed)}
    if options.real:
        sources["real"] = real_pairs(options.scheme, options.real, options.seed)
    for source, made in sources.items():
        ordered = 0
        while ordered < options.count:
            # More than are missing, since the tool refuses some, and each start of it takes its time.
            todo = list(islice(made, 2 * (options.count - ordered) + 100))
            if not todo:
                break
            native = TOOLS[options.scheme](todo)
            assert len(native) == len(todo), (len(native), len(todo))
            for (left, right), answer in zip(todo, native):
                if ordered < options.count:
                    ordered += answer != INVALID
                    print(f"{source}\t{left}\t{answer}\t{right}")


def answer(options):
    todo = [tuple(line.split("\t")) for line in sys.stdin.read().splitlines()]
    for sign in TOOLS[options.scheme](todo) if todo else []:
        print(sign)


def main():
    parser = argparse.ArgumentParser()
    actions = parser.add_subparsers(dest="action", required=True)
    for action in ["table", "ask", "answer", "tool"]:
        command = actions.add_parser(action)
        command.add_argument("scheme", choices=sorted(GENERATORS))
        if action in ["table", "ask"]:
            command.add_argument("count", type=int)
            command.add_argument("--seed", default="1")
        if action == "table":
            command.add_argument("program")
        if action == "ask":
            command.add_argument("--real")
    options = parser.parse_args()
    try:
        if options.action == "tool":
            print(NAMES[options.scheme]())
        else:
            {"table": table, "ask": ask, "answer": answer}[options.action](options)
    except (FileNotFoundError, ModuleNotFoundError) as error:
        print(f"{options.scheme}: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
