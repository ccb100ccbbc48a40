#!/usr/bin/env python3
"""Asks the native tools of the version schemes, and writes or checks tables of their answers.

  generate.py table SCHEME COUNT COMPARE      print a table of COUNT generated pairs; `@` marks those
                                              that examples/compare answers otherwise
  generate.py check SCHEME COUNT COMPARE      hold COUNT pairs against examples/compare

The pairs come from a seeded generator (--seed, default 1), so a table can be made again byte for byte.
README.md beside this file says which tool answers for which scheme and where it is looked for.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
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
    # Versions that NuGet and Semantic Versioning order alike; nuget.txt holds the rest by hand.
    return semver(rng).lower()


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


def pairs(scheme, count, seed):
    rng = random.Random(f"{scheme} {seed}")
    make = GENERATORS[scheme]
    seen = set()
    while len(seen) < count:
        left = make(rng)
        right = mutate(rng, left) if rng.random() < 0.5 else make(rng)
        if left and right and (left, right) not in seen:
            seen.add((left, right))
            yield left, right


# --- Native tools: each takes the pairs and gives one of `<`, `=`, `>`, `?` for each. ------------


def ask_deb(todo):
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


def ask_apk(todo):
    script = 'while IFS="\t" read -r a b; do answer="";'
    script += ' if apk version -q -c -- "$a" "$b" >/dev/null 2>&1; then answer=$(apk version -t -- "$a" "$b"); fi;'
    script += ' echo "${answer:-?}"; done'
    root = os.environ.get("APK_ROOT")
    command = ["chroot", root, "/bin/sh", "-c", script] if root else ["sh", "-c", script]
    return run(command, input=feed(todo)).split()


NODE = """
const semver = require(process.argv[1]);
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').filter(Boolean);
for (const line of lines) {
  const [a, b] = line.split('\\t').map(text => semver.parse(text));
  console.log(a && b ? '<=>'[semver.compare(a, b) + 1] : '?');
}
"""


def ask_node(todo):
    place = os.environ.get("NODE_SEMVER")
    if not place:
        place = Path(run(["npm", "root", "-g"]).strip()) / "npm/node_modules/semver"
    return run(["node", "-e", NODE, str(place)], input=feed(todo)).split()


def ask_pep440(todo):
    from packaging.version import InvalidVersion, Version

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


def ask_maven(todo):
    jar = os.environ.get("MAVEN_ARTIFACT", "/usr/share/java/maven-artifact-3.x.jar")
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
        env = os.environ | {"GO111MODULE": "off", "GOPATH": path, "GOCACHE": folder, "GOTOOLCHAIN": "local"}
        return run([tool, "run", str(source)], input=feed(todo), env=env).split()


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


def ask_pacman(todo):
    import ctypes
    import ctypes.util

    alpm = ctypes.CDLL(os.environ.get("LIBALPM") or ctypes.util.find_library("alpm"))
    ask = alpm.alpm_pkg_vercmp
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
    "pep440": ask_pep440, "maven": ask_maven, "go": ask_go, "gem": ask_gem, "nuget": ask_node,
    "composer": ask_composer, "pacman": ask_pacman,
    "portage": ask_portage, "hex": ask_hex, "pub": ask_node, "swift": ask_node, "cran": ask_cran,
    "hackage": ask_hackage, "conan": ask_conan, "kb": ask_kb,
}


def ours(scheme, todo, program):
    lines = "".join(f"{scheme}\t{left}\t{right}\n" for left, right in todo)
    return run([program], input=lines).split()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=["table", "check"])
    parser.add_argument("scheme", choices=sorted(GENERATORS))
    parser.add_argument("count", type=int)
    parser.add_argument("program")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--show", type=int, default=25)
    options = parser.parse_args()
    todo = list(pairs(options.scheme, options.count, options.seed))
    native = TOOLS[options.scheme](todo)
    assert len(native) == len(todo), (len(native), len(todo))
    if options.action == "table":
        print(f"# {options.count} pairs, seed {options.seed}, made by generate.py; see README.md.")
        own = ours(options.scheme, todo, options.program)
        for (left, right), answer, here in zip(todo, native, own):
            mark = "" if answer == here else "@ "
            print(f"{mark}{left} {answer} {right}")
        return 0
    own = ours(options.scheme, todo, options.program)
    wrong = [(n, o, p) for n, o, p in zip(native, own, todo) if n != o]
    strict = sum(o == INVALID for _, o, _ in wrong)
    lenient = sum(n == INVALID for n, _, _ in wrong)
    invalid = sum(n == INVALID for n in native)
    print(
        f"{options.scheme}: {len(todo)} pairs, {invalid} refused by the tool; order differs in "
        f"{len(wrong) - strict - lenient}, refused here only {strict}, accepted here only {lenient}"
    )
    for n, o, (left, right) in sorted(wrong, key=lambda row: INVALID in row[:2])[: options.show]:
        print(f"  {left} {right}: tool {n} here {o}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
