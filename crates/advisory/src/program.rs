//! Programs without a package, by the names under which NVD speaks of them.
//!
//! NVD names products by CPE (NIST IR 7695), vendor and product. Names alone prove nothing — `redis` is a server, and
//! the client libraries of many languages — so only programs that were recognised by their bytes are looked up, and
//! only under the pairs of this table, which were taken from NVD's dictionary. A program that is not in it is not
//! judged.

/// The key under which programs stand in the database.
pub(crate) const KEY: &str = "programs";

/// The analyzer that recognises programs by their bytes.
pub(crate) const ANALYZER: &str = "binary/version";

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
    ("grafana", "grafana", "grafana"),
    ("gzip", "gnu", "gzip"),
    ("haproxy", "haproxy", "haproxy"),
    ("hashicorp-vault", "hashicorp", "vault"),
    ("helm", "helm", "helm"),
    ("httpd", "apache", "http_server"),
    ("istio", "istio", "istio"),
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

/// Whether NVD's names of a program are known.
pub(crate) fn is_known(name: &str) -> bool {
    PROGRAMS.iter().any(|(known, _, _)| *known == name)
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
