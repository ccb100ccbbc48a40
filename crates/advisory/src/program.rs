//! Programs without a package, by the names under which NVD speaks of them.
//!
//! NVD names products by CPE (NIST IR 7695), vendor and product. Names alone prove nothing — `redis` is a server, and
//! the client libraries of many languages — so only programs that were recognised by their bytes are looked up, and
//! only under the pairs of this table, which were taken from NVD's dictionary. A program that is not in it is not
//! judged.
//!
//! Java runtimes are the builds of several makers out of one source, and NVD names maker by maker. What it says of
//! `oracle:openjdk`, the source, holds for whoever built it; what it says of `oracle:jdk`, `oracle:jre` and
//! `oracle:java_se` holds for Oracle's own builds, and `oracle:graalvm_for_jdk` for Oracle's `GraalVM`: the same
//! number of another maker may have the fix, or never have had the flaw. Makers with numbers of their own
//! (`azul:zulu:17.32`, `oracle:graalvm:22.3.2`) are not looked up.

use plimsoll_model::facts::Package;

/// The key under which programs stand in the database.
pub(crate) const KEY: &str = "programs";

/// The analyzer that recognises programs by their bytes.
const ANALYZER: &str = "binary/version";

/// The analyzer that reads how Java runtimes describe themselves.
const RUNTIMES_ANALYZER: &str = "lang/jvm";

/// Java runtimes, which write their versions in two ways.
const RUNTIMES: &[&str] = &["graalvm", "jdk", "openjdk"];

/// Name of the program as that analyzer gives it, vendor and product.
const PROGRAMS: &[(&str, &str, &str)] = &[
    ("arangodb", "arangodb", "arangodb"),
    ("bash", "gnu", "bash"),
    ("busybox", "busybox", "busybox"),
    ("caddy", "caddyserver", "caddy"),
    ("composer", "getcomposer", "composer"),
    ("consul", "hashicorp", "consul"),
    ("curl", "haxx", "curl"),
    ("curl", "haxx", "libcurl"),
    ("deno", "deno", "deno"),
    ("envoy", "envoyproxy", "envoy"),
    ("erlang", "erlang", "erlang/otp"),
    ("expat", "libexpat_project", "libexpat"),
    ("ffmpeg", "ffmpeg", "ffmpeg"),
    ("fluent-bit", "treasuredata", "fluent_bit"),
    ("git", "git", "git"),
    ("git", "git-scm", "git"),
    ("glibc", "gnu", "glibc"),
    ("go", "golang", "go"),
    ("graalvm", "oracle", "graalvm_for_jdk"),
    ("grafana", "grafana", "grafana"),
    ("gzip", "gnu", "gzip"),
    ("haproxy", "haproxy", "haproxy"),
    ("hashicorp-vault", "hashicorp", "vault"),
    ("helm", "helm", "helm"),
    ("httpd", "apache", "http_server"),
    ("istio", "istio", "istio"),
    ("jdk", "oracle", "java_se"),
    ("jdk", "oracle", "jdk"),
    ("jdk", "oracle", "jre"),
    ("jq", "jqlang", "jq"),
    ("jq", "stedolan", "jq"),
    ("krb5", "mit", "kerberos_5"),
    ("lighttpd", "lighttpd", "lighttpd"),
    ("mariadb", "mariadb", "mariadb"),
    ("memcached", "memcached", "memcached"),
    ("mongodb", "mongodb", "mongodb"),
    ("musl", "musl-libc", "musl"),
    ("mysql", "mysql", "mysql"),
    ("mysql", "oracle", "mysql"),
    ("mysql", "oracle", "mysql_server"),
    ("nginx", "f5", "nginx"),
    ("nginx", "f5", "nginx_open_source"),
    ("nginx", "nginx", "nginx"),
    ("node", "nodejs", "node.js"),
    ("openjdk", "oracle", "openjdk"),
    ("openldap", "openldap", "openldap"),
    ("openssl", "openssl", "openssl"),
    ("perl", "perl", "perl"),
    ("php", "php", "php"),
    ("postgresql", "postgresql", "postgresql"),
    ("proftpd", "proftpd", "proftpd"),
    ("pypy", "pypy", "pypy"),
    ("python", "python", "python"),
    ("qtbase", "qt", "qt"),
    ("redis", "redis", "redis"),
    ("redis", "redislabs", "redis"),
    ("ruby", "ruby-lang", "ruby"),
    ("rust-standard-library", "rust-lang", "rust"),
    ("sqlite", "sqlite", "sqlite"),
    ("traefik", "containous", "traefik"),
    ("traefik", "traefik", "traefik"),
    ("util-linux", "kernel", "util-linux"),
    ("valkey", "lfprojects", "valkey"),
    ("xz", "tukaani", "xz"),
    ("zlib", "gnu", "zlib"),
    ("zlib", "zlib", "zlib"),
    ("zstd", "facebook", "zstandard"),
];

/// Whether a package is a program of which NVD speaks by a name that is known here, recognised by what it is.
pub(crate) fn is_known(package: &Package) -> bool {
    let name = package.fact.name.as_str();
    let is_recognised =
        package.analyzer == ANALYZER || (package.analyzer == RUNTIMES_ANALYZER && is_runtime(name));
    // Oracle's `GraalVM` and the community's have the same name and other fixes.
    let maker = package.fact.maker.as_deref().unwrap_or_default();
    let is_of_vendor = name != "graalvm" || maker.starts_with("Oracle");
    is_recognised && is_of_vendor && is_named(name)
}

/// Whether NVD's names of a program are known.
pub(crate) fn is_named(name: &str) -> bool {
    PROGRAMS.iter().any(|(known, _, _)| *known == name)
}

/// Whether a program of this table is a Java runtime.
pub(crate) fn is_runtime(name: &str) -> bool {
    RUNTIMES.contains(&name)
}

/// The program that a vendor's product is; both must be exactly those of the table (trap T85).
pub(crate) fn of_product(vendor: &str, product: &str) -> Option<&'static str> {
    let row = PROGRAMS
        .iter()
        .find(|(_, known, other)| *known == vendor && *other == product);
    row.map(|(name, _, _)| *name)
}

/// The program that is what `RustSec` calls a package of the toolchain: the standard library, where it stands as a
/// file of its own. Compiler and package manager are not recognised by their bytes.
pub(crate) fn of_toolchain(package: &str) -> Option<&'static str> {
    matches!(package, "alloc" | "core" | "std").then_some("rust-standard-library")
}

/// The version of a Java runtime in one spelling, that of JEP 322: `1.8.0_392-b08` and `8u392` are `8.0.392`,
/// `11.0.21+9-LTS` is `11.0.21`, `22-ea+10` comes before `22`. The build counts for nothing, as in NVD's names, nor
/// do zeros at the end, which JEP 322 forbids and NVD writes at times.
pub(crate) fn runtime_version(text: &str) -> Option<String> {
    let text = text.split_once('+').map_or(text, |(version, _)| version);
    let (version, label) = text.split_once('-').unwrap_or((text, ""));
    let modern = version.strip_prefix("1.").unwrap_or(version);
    let (numbers, update) = match modern.split_once(['_', 'u']) {
        Some((numbers, update)) => (numbers, Some(update)),
        None => (modern, None),
    };
    let is_build = |word: &str| {
        let number = word.strip_prefix('b').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut words = label.split('-').filter(|word| !word.is_empty());
    let is_early = words.clone().any(|word| matches!(word, "ea" | "beta"));
    // Who numbers builds in a way of their own (`1.8.0-foreman_2022`) leaves the update out.
    if update.is_none() && !words.all(|word| is_build(word) || matches!(word, "ea" | "beta")) {
        return None;
    }
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let plain = text.trim_start_matches('0');
        is_number.then(|| if plain.is_empty() { "0" } else { plain }.to_owned())
    };
    let mut parts = numbers
        .split('.')
        .map(number)
        .collect::<Option<Vec<String>>>()?;
    let trim = |parts: &mut Vec<String>| {
        while parts.len() > 1 && parts.last().is_some_and(|last| last == "0") {
            parts.pop();
        }
    };
    trim(&mut parts);
    if let Some(update) = update {
        // Only Java 8 and those before it count updates.
        if parts.len() > 1 {
            return None;
        }
        parts.extend(["0".to_owned(), number(update)?]);
        trim(&mut parts);
    }
    let early = if is_early { "_beta" } else { "" };
    Some(format!("{}{early}", parts.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_runtimes_have_one_spelling() {
        for (text, expected) in [
            ("1.8.0_392-b08", "8.0.392"),
            ("1.8.0_07", "8.0.7"),
            ("1.8.0", "8"),
            ("1.8.0-b132", "8"),
            ("1.8.0_392-8u392-ga-1~20.04-b08", "8.0.392"),
            ("1.7.0_331", "7.0.331"),
            ("8u392", "8.0.392"),
            ("8u392-b08", "8.0.392"),
            ("11.0.21+9-LTS", "11.0.21"),
            ("17.0.21.1+2-1-deb12u1-Debian", "17.0.21.1"),
            ("17.0.9+11-jvmci-23.0-b21", "17.0.9"),
            ("21.0.1", "21.0.1"),
            ("21+35", "21"),
            ("20.0.0", "20"),
            ("22-ea+10", "22_beta"),
            ("1.8.0_402-ea-b01", "8.0.402_beta"),
        ] {
            assert_eq!(runtime_version(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "11.0.1_2",
            "eleven",
            "8u",
            "17..1",
            "*",
            "1.8.0-foreman_2022_09_22_15_30-b00",
            "21-internal+0-adhoc.root.jdk",
        ] {
            assert_eq!(runtime_version(text), None, "{text}");
        }
    }
}
