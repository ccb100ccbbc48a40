//! Programs that tell their version in their bytes: a row each, with what proves it and what must not.
//!
//! The rows are facts about how upstreams write their version into what they build; each was taken from the
//! program's own sources or from real builds.

/// A program that is recognised by its name and a text in it.
#[derive(Debug)]
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "examples and counter-examples are for the test of each row"
    )
)]
pub(super) struct Class {
    /// Name of the package, as in its package URL.
    pub(super) name: &'static str,
    /// Names of the file; `*` stands for anything, `[0-9]` for a digit, `[23]` for one of these.
    pub(super) files: &'static [&'static str],
    /// What stands around the version in the bytes: a regular expression over bytes whose first
    /// group that takes part is the version.
    pub(super) pattern: &'static str,
    /// Bytes, and the version that they tell.
    pub(super) examples: &'static [(&'static [u8], &'static str)],
    /// Bytes that tell none.
    pub(super) counter_examples: &'static [&'static [u8]],
}

/// The build of Redis and of its descendant, one text (`src/release.c`, `mkreleasehdr.sh`): the version; the name
/// of the host and `-`, or nothing in a reproducible build; the time in seconds; how many lines were changed; eight
/// digits of the commit. Nothing divides version and what follows, so that lengths tell where it ends. A version
/// by itself is none of the program: commands tell in which one they came.
const BUILD_OF_REDIS: &str = r"([2-9]\.[0-9]{1,2}\.[0-9]{1,2}?(?:-rc[0-9])?)(?:[0-9a-f]{12}-1[0-9]{9}[0-9]{1,4}|1[0-9]{10})[0-9a-f]{8}\x00|([2-9]\.[0-9]{1,2}\.[0-9]{1,2}(?:-rc[0-9])?)[A-Za-z][A-Za-z0-9._-]{0,62}-1[0-9]{9}[0-9]{1,4}[0-9a-f]{8}\x00";

/// Every class.
pub(super) static CLASSES: &[Class] = &[
    Class {
        name: "arangodb",
        files: &["arangosh", "arangod"],
        pattern: r"ArangoDB (?:\(executing with \w+\) )?version ([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"ArangoDB version 3.11.4", "3.11.4")],
        counter_examples: &[b"ArangoDB version unknown"],
    },
    Class {
        name: "auditbeat",
        files: &["auditbeat"],
        pattern: r"auditbeat[-/ ]v?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"auditbeat/8.11.3", "8.11.3")],
        counter_examples: &[b"auditbeat/dev"],
    },
    Class {
        name: "filebeat",
        files: &["filebeat"],
        pattern: r"filebeat[-/ ]v?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"filebeat/8.11.3", "8.11.3")],
        counter_examples: &[b"filebeat/dev"],
    },
    Class {
        name: "heartbeat",
        files: &["heartbeat"],
        pattern: r"heartbeat[-/ ]v?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"heartbeat/8.11.3", "8.11.3")],
        counter_examples: &[b"heartbeat/dev"],
    },
    Class {
        name: "metricbeat",
        files: &["metricbeat"],
        pattern: r"metricbeat[-/ ]v?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"metricbeat/8.11.3", "8.11.3")],
        counter_examples: &[b"metricbeat/dev"],
    },
    Class {
        name: "packetbeat",
        files: &["packetbeat"],
        pattern: r"packetbeat[-/ ]v?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"packetbeat/8.11.3", "8.11.3")],
        counter_examples: &[b"packetbeat/dev"],
    },
    Class {
        name: "elastic-agent",
        files: &["elastic-agent"],
        pattern: r"elastic-agent[-/ ]v?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"elastic-agent-8.11.3", "8.11.3")],
        counter_examples: &[b"elastic-agent-dev"],
    },
    Class {
        name: "bash",
        files: &["bash"],
        pattern: r"@\(#\)Bash version ([0-9]+\.[0-9]+\.[0-9]+)\([0-9]+\) [a-z0-9]+ GNU",
        examples: &[(b"@(#)Bash version 5.2.15(1) release GNU", "5.2.15")],
        counter_examples: &[b"@(#)Bash version 5.2"],
    },
    Class {
        name: "busybox",
        files: &["busybox"],
        pattern: r"BusyBox v([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"BusyBox v1.36.1 (2023-11-07 18:53:09 UTC)", "1.36.1")],
        counter_examples: &[b"BusyBox vendor"],
    },
    Class {
        name: "bun",
        files: &["bun"],
        pattern: r"\x00Bun/([0-9]+\.[0-9]+\.[0-9]+)|bun_version[^0-9]{1,8}([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"\0Bun/1.0.15\0", "1.0.15")],
        counter_examples: &[b"Bun/canary"],
    },
    Class {
        name: "chrome",
        files: &["chrome", "chromium"],
        pattern: r"\x00([0-9]{2,3}\.0\.[0-9]{4}\.[0-9]{1,4})\x00",
        examples: &[(b"\x00126.0.6478.182\0", "126.0.6478.182")],
        counter_examples: &[b"\x00127.0.0.1\0"],
    },
    Class {
        name: "consul",
        files: &["consul"],
        pattern: r"CONSUL_VERSION: ([0-9]+\.[0-9]+\.[0-9]+)|\x00Consul v([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"CONSUL_VERSION: 1.15.2", "1.15.2")],
        counter_examples: &[b"CONSUL_VERSION: dev"],
    },
    Class {
        name: "curl",
        files: &["curl"],
        pattern: r"curl/([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"curl/8.4.0", "8.4.0")],
        counter_examples: &[b"curl/%s"],
    },
    Class {
        name: "curl",
        files: &["libcurl.so*", "libcurl-gnutls.so*"],
        pattern: r"libcurl/([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"libcurl/7.88.1", "7.88.1")],
        counter_examples: &[b"libcurl/%s"],
    },
    Class {
        name: "dart",
        files: &["dart"],
        pattern: r"\x00([23]\.[0-9]+\.[0-9]+)(?:-[0-9.]+\.(?:beta|dev))? \((?:stable|beta|dev)\)",
        examples: &[(b"\x003.2.4 (stable)", "3.2.4")],
        counter_examples: &[b"\x003.2.4 (debug)"],
    },
    Class {
        name: "deno",
        files: &["deno"],
        // Its exporter of telemetry has a name of its own, `OTLP-Exporter-Deno/0.80.0`.
        pattern: r"[^-]Deno/([0-9]+\.[0-9]+\.[0-9]+)|denoland/deno/(?:releases/download/)?v([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[
            (b"\0Deno/1.41.0", "1.41.0"),
            (
                b"OTLP-Exporter-Deno/0.80.0grpc-timeout e518fbdDeno/2.9.6",
                "2.9.6",
            ),
        ],
        counter_examples: &[b" Deno/", b"OTLP-Exporter-Deno/0.80.0grpc-timeout"],
    },
    Class {
        name: "elixir",
        files: &["elixir"],
        pattern: r"ELIXIR_VERSION=([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"ELIXIR_VERSION=1.14.0", "1.14.0")],
        counter_examples: &[b"ELIXIR_VERSION="],
    },
    Class {
        name: "envoy",
        files: &["envoy"],
        pattern: r"\x00(1\.[0-9]+\.[0-9]+)/(?:Clean|Modified)/RELEASE/|[0-9a-f]{40}/([0-9]+\.[0-9]+\.[0-9]+)/(?:Clean|Modified)/RELEASE",
        examples: &[(
            b"0123456789abcdef0123456789abcdef01234567/1.28.0/Clean/RELEASE/BoringSSL",
            "1.28.0",
        )],
        counter_examples: &[b"1.28.0/DEBUG"],
    },
    Class {
        name: "erlang",
        files: &["erlexec", "beam.smp"],
        pattern: r"/usr/src/otp_src_([0-9]+\.[0-9]+(?:\.[0-9]+){0,2})/erts/|/otp[-_](?:OTP-)?([0-9]+\.[0-9]+(?:\.[0-9]+){0,2})/erts/",
        examples: &[(b"/usr/src/otp_src_25.3.2.7/erts/", "25.3.2.7")],
        counter_examples: &[b"/usr/src/otp_src/erts/"],
    },
    Class {
        name: "erlang",
        files: &["OTP_VERSION"],
        pattern: r"\A([0-9]+(?:\.[0-9]+)+)\s",
        examples: &[(b"25.2.3\n", "25.2.3")],
        counter_examples: &[b"otp\n"],
    },
    Class {
        name: "ffmpeg",
        files: &["ffmpeg", "ffprobe", "ffplay"],
        pattern: r"\x00n?([2-9]\.[0-9]+(?:\.[0-9]+)?)(?:-[-+.~a-z0-9]+)?\x00",
        examples: &[
            (b"\0n6.1.1\0", "6.1.1"),
            (b"\x005.1.8-0+deb12u1\0", "5.1.8"),
        ],
        counter_examples: &[b"\0%s version %s\0"],
    },
    Class {
        name: "ffmpeg",
        files: &["libavcodec.so*", "libavformat.so*", "libavutil.so*"],
        pattern: r"FFmpeg version n?([0-9]+\.[0-9]+(?:\.[0-9]+)?)",
        examples: &[(b"FFmpeg version 5.1.4", "5.1.4")],
        counter_examples: &[b"FFmpeg/Lavc%s"],
    },
    Class {
        name: "firefox",
        files: &["platform.ini"],
        pattern: r"Milestone=([0-9]{2,3}\.[0-9]+(?:\.[0-9]+)?)\s+SourceRepository=[^\n]{0,80}/mozilla-",
        examples: &[(
            b"Milestone=153.7.0\nSourceRepository=https://hg.mozilla.org/releases/mozilla-esr153\n",
            "153.7.0",
        )],
        counter_examples: &[
            b"Milestone=115.0\nSourceRepository=https://hg.mozilla.org/releases/comm-esr115\n",
        ],
    },
    Class {
        name: "fluent-bit",
        files: &["fluent-bit"],
        pattern: r"\x00v?([0-9]+\.[0-9]+\.[0-9]+)\x00[^0-9]{0,200}Fluent",
        examples: &[(b"\0v2.1.10\0Fluent Bit", "2.1.10")],
        counter_examples: &[b"Fluent Bit v%s"],
    },
    Class {
        name: "gcc",
        files: &[
            "gcc",
            "gcc-[0-9]*",
            "*-gcc",
            "*-gcc-[0-9]*",
            "cc1",
            "cc1plus",
        ],
        pattern: r"\x00((?:[2-9]|[1-3][0-9])\.[0-9]+\.[0-9]+)(?: 20[0-9]{6})?\x00",
        examples: &[(b"\x0012.2.0\0", "12.2.0"), (b"\x0013\x004.9.4\0", "4.9.4")],
        counter_examples: &[b"\x0012\0", b"gcc version %s"],
    },
    Class {
        name: "go",
        files: &["go", "gofmt"],
        pattern: r"\x00go(1\.[0-9]+(?:\.[0-9]+|beta[0-9]+|rc[0-9]+)?)\x00",
        examples: &[(b"\0go1.21.5\0", "1.21.5")],
        counter_examples: &[b"\0golang\0"],
    },
    Class {
        name: "go",
        files: &["VERSION"],
        pattern: r"\Ago(1\.[0-9]+(?:\.[0-9]+|beta[0-9]+|rc[0-9]+)?)\s",
        examples: &[(b"go1.19.8\n", "1.19.8")],
        counter_examples: &[b"1.19.8\n", b"mango1.2.3 "],
    },
    Class {
        name: "grafana",
        files: &["grafana", "grafana-server"],
        pattern: r"grafana/grafana@v?([0-9]+\.[0-9]+\.[0-9]+)|-X main\.version=([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"-X main.version=10.2.3 -X main.commit", "10.2.3")],
        counter_examples: &[b"grafana/grafana@dev"],
    },
    Class {
        name: "gzip",
        files: &["gzip", "gunzip", "zcat"],
        pattern: r"\x00(1\.[0-9]{1,2})\x00",
        examples: &[(b"\x001.12\0", "1.12")],
        counter_examples: &[b"\0gzip\0"],
    },
    Class {
        name: "haproxy",
        files: &["haproxy"],
        pattern: r" version ([0-9]+\.[0-9]+(?:\.[0-9]+)?)(?:-[-+~.a-z0-9]+)?, released 20|HA-Proxy version ([0-9]+\.[0-9]+(?:\.[0-9]+)?)",
        examples: &[(b" version 2.6.12-1+deb12u4, released 2026/10/17", "2.6.12")],
        counter_examples: &[b"HAProxy version %s %s - https://haproxy.org/"],
    },
    Class {
        name: "hashicorp-vault",
        files: &["vault"],
        pattern: r"\x00?[vV]ault[ /]v([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"Vault v1.15.2", "1.15.2")],
        counter_examples: &[b"Vault v%s"],
    },
    Class {
        name: "cabal-install",
        files: &["cabal"],
        pattern: r"cabal-install-([0-9]+\.[0-9]+(?:\.[0-9]+){0,2})",
        examples: &[(
            b"/usr/lib/x86_64-linux-ghc-9.0.2/cabal-install-3.4.1.0\0",
            "3.4.1.0",
        )],
        counter_examples: &[b"cabal-install"],
    },
    Class {
        name: "ghc",
        files: &["ghc", "ghc-[0-9]*"],
        pattern: r"/ghc-([0-9]+\.[0-9]+\.[0-9]+)/",
        examples: &[(b"/opt/ghc/9.4.7/lib/ghc-9.4.7/bin/", "9.4.7")],
        counter_examples: &[b"/ghc/bin"],
    },
    Class {
        name: "stack",
        files: &["stack"],
        pattern: r"Version ([0-9]+\.[0-9]+\.[0-9]+), Git revision",
        examples: &[(b"Version 2.9.3, Git revision 0123", "2.9.3")],
        counter_examples: &[b"Apache License Version 2.0, January 2004"],
    },
    Class {
        name: "heimdal",
        files: &["libkrb5.so.26*", "libheimbase.so*"],
        pattern: r"Heimdal ([0-9]+\.[0-9]+(?:\.[0-9]+)?)|heimdal-([0-9]+\.[0-9]+(?:\.[0-9]+)?)",
        examples: &[(b"Heimdal 7.8.0", "7.8.0")],
        counter_examples: &[b"HEIMDAL_KRB5_2.0"],
    },
    Class {
        name: "helm",
        files: &["helm"],
        pattern: r"helm\.sh/helm/v[0-9]/internal/version\.version=v([0-9]+\.[0-9]+\.[0-9]+)|\x00v(3\.[0-9]+\.[0-9]+)\x00",
        examples: &[(
            b"-X helm.sh/helm/v3/internal/version.version=v3.13.2 ",
            "3.13.2",
        )],
        counter_examples: &[b"helm v3"],
    },
    Class {
        name: "httpd",
        files: &["httpd", "apache2"],
        pattern: r"Apache/(2\.[0-9]+\.[0-9]+)",
        examples: &[(b"Apache/2.4.58", "2.4.58")],
        counter_examples: &[b"Apache/2.4"],
    },
    Class {
        name: "ingress-nginx",
        files: &["nginx-ingress-controller"],
        pattern: r"ingress-nginx/version\.RELEASE=v?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"k8s.io/ingress-nginx/version.RELEASE=v1.9.4 ", "1.9.4")],
        counter_examples: &[b"ingress-nginx"],
    },
    Class {
        name: "istio",
        files: &["pilot-discovery", "pilot-agent"],
        pattern: r"istio\.io/(?:istio/)?pkg/version\.build(?:Tag|Version)=([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"-X istio.io/istio/pkg/version.buildTag=1.20.1 ", "1.20.1")],
        counter_examples: &[b"istio.io/pkg/version.buildVersion=unknown"],
    },
    // The launcher of a Java runtime (`make/modules/java.base/Launcher.gmk`, `main.c`) has the name of the build, its
    // own, the version with a point and the whole one, in this order or from the last to the first.
    Class {
        name: "openjdk",
        files: &["java", "jdb"],
        pattern: r"\x00openjdk\x00+(?:java|jdb)\x00+[0-9][0-9.]*\x00+([0-9][0-9._]*(?:\+[0-9]+)?(?:-[0-9A-Za-ik-z][0-9A-Za-z.+~-]*)?)\x00|\x00[0-9]+\.[0-9]+\x00+([0-9][0-9._]*(?:\+[0-9]+)?(?:-[0-9A-Za-ik-z][0-9A-Za-z.+~-]*)?)\x00+openjdk\x00+(?:java|jdb)\x00",
        examples: &[
            (
                b"%s: %s\0openjdk\0java\x000.0\x0021.0.8+9-LTS\0\0",
                "21.0.8+9-LTS",
            ),
            (
                b"\0openjdk\0java\x000.0\x0017.0.21.1+2-1-deb12u1-Debian\0-J-ms8m\0",
                "17.0.21.1+2-1-deb12u1-Debian",
            ),
            (b"\0openjdk\0jdb\x001.8\x001.8.0_352-b08\0", "1.8.0_352-b08"),
            (b"\x000.0\0\0\x0011.0.22+7\0\0openjdk\0java\0", "11.0.22+7"),
        ],
        counter_examples: &[
            b"\0openjdk\0keytool\x000.0\x0017.0.9+9\0",
            b"\0openjdk\0java\x000.0\x0017.0.6+10-jvmci-22.3-b13\0",
            b"\0java\x000.0\x0021.0.1+12-29\0",
        ],
    },
    Class {
        name: "graalvm",
        files: &["java", "jdb"],
        pattern: r"\x00([0-9]+(?:\.[0-9]+)*\+[0-9]+-jvmci-[0-9]+(?:\.[0-9]+)*-b[0-9]+)\x00",
        examples: &[(
            b"\0openjdk\0java\x000.0\x0017.0.6+10-jvmci-22.3-b13\0",
            "17.0.6+10-jvmci-22.3-b13",
        )],
        counter_examples: &[b"\x0017.0.9+9\0", b"jvmci-22.3-b13"],
    },
    // Of Oracle's own build, and of IBM's, whose builder is called so.
    Class {
        name: "jdk",
        files: &["java", "jdb"],
        pattern: r"[^k]\x00java\x00+[0-9]+\.[0-9]+\x00+([0-9]+(?:\.[0-9]+)*\+[0-9]+(?:-(?:LTS-)?[0-9]+)?|1\.[0-9]\.0_[0-9]+-b[0-9]+)\x00",
        examples: &[
            (
                b"%s: %s\0java\x000.0\x0021.0.1+12-LTS-29\0",
                "21.0.1+12-LTS-29",
            ),
            (b"%s: %s\0java\x001.8\x001.8.0_411-b09\0", "1.8.0_411-b09"),
        ],
        counter_examples: &[
            b"\0openjdk\0java\x000.0\x0021.0.8+9\0",
            b"%s: %s\0java\x001.8\x001.8.0-foreman_2022_09_22_15_30-b00\0",
        ],
    },
    Class {
        name: "ibm-java",
        files: &["java", "jdb"],
        pattern: r"\x00java\x00+1\.[0-9]\x00+(1\.[0-9]\.0-foreman_[0-9_]+-b[0-9]+)\x00",
        examples: &[(
            b"\0java\x001.8\0\0\0\x001.8.0-foreman_2022_09_22_15_30-b00\0",
            "1.8.0-foreman_2022_09_22_15_30-b00",
        )],
        counter_examples: &[b"\0java\x001.8\x001.8.0_411-b09\0"],
    },
    Class {
        name: "jq",
        files: &["jq"],
        pattern: r"\x00(?:jq-)?(1\.[0-9](?:\.[0-9]+)?)\x00",
        examples: &[(b"\0jq-1.7.1\0", "1.7.1"), (b"\x001.6\0", "1.6")],
        counter_examples: &[b"jq-%s"],
    },
    Class {
        name: "julia",
        files: &["libjulia-internal.so*", "julia"],
        pattern: r"__init__\x00+([0-9]+\.[0-9]+\.[0-9]+)\x00+(?:verify|Julia)|julia-([0-9]+\.[0-9]+\.[0-9]+)/",
        examples: &[(b"/build/julia-1.9.4/src", "1.9.4")],
        counter_examples: &[b"julia-dev"],
    },
    Class {
        name: "krb5",
        files: &["libkrb5.so*"],
        pattern: r"KRB5_BRAND: krb5-([0-9]+\.[0-9]+(?:\.[0-9]+)?)",
        examples: &[(b"KRB5_BRAND: krb5-1.20.1-final 1.20.1 20221111", "1.20.1")],
        counter_examples: &[b"KRB5_BRAND: "],
    },
    Class {
        name: "lighttpd",
        files: &["lighttpd"],
        pattern: r"lighttpd/([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"lighttpd/1.4.69 (ssl)", "1.4.69")],
        counter_examples: &[b"lighttpd/%s"],
    },
    Class {
        name: "mariadb",
        files: &["mariadb", "mariadbd", "mysqld", "mysql"],
        pattern: r"([0-9]+\.[0-9]+\.[0-9]+)-MariaDB",
        examples: &[(b"10.11.19-MariaDB", "10.11.19")],
        counter_examples: &[b"MariaDB"],
    },
    Class {
        name: "memcached",
        files: &["memcached"],
        pattern: r"memcached ([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"memcached 1.6.18", "1.6.18")],
        counter_examples: &[b"memcached %s"],
    },
    Class {
        name: "mongodb",
        files: &["mongod", "mongos"],
        pattern: r"mongodb-(?:src-)?r?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"mongodb-src-r7.0.4", "7.0.4")],
        counter_examples: &[b"mongodb-src"],
    },
    Class {
        name: "mysql",
        files: &["mysql", "mysqld", "ndb_mgmd", "ndbd", "ndbmtd"],
        pattern: r"/mysql-(?:cluster-(?:com-|gpl-)?)?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"/export/home/pb2/build/sb_0/mysql-8.0.35/sql", "8.0.35")],
        counter_examples: &[b"/var/lib/mysql-files"],
    },
    Class {
        name: "xtrabackup",
        files: &["xtrabackup"],
        pattern: r"xtrabackup version ([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9]+)?)|percona-xtrabackup-([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9]+)?)",
        examples: &[(b"percona-xtrabackup-8.0.35-30", "8.0.35-30")],
        counter_examples: &[b"xtrabackup version %s"],
    },
    Class {
        name: "nginx",
        files: &["nginx"],
        pattern: r"nginx version: (?:nginx|openresty|[a-zA-Z]+)/([0-9]+\.[0-9]+\.[0-9]+(?:\.[0-9]+)?)",
        examples: &[(b"nginx version: nginx/1.25.3", "1.25.3")],
        counter_examples: &[b"nginx version: %s"],
    },
    Class {
        name: "node",
        files: &["node", "nodejs", "libnode.so*"],
        pattern: r"node\.js/v([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"node.js/v20.10.0", "20.10.0")],
        counter_examples: &[b"node.js/vx"],
    },
    Class {
        name: "openldap",
        files: &["ldapsearch", "slapd"],
        pattern: r"\$OpenLDAP: [a-z]+ ([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(
            b"@(#) $OpenLDAP: ldapsearch 2.5.13+dfsg-5 (Feb  8 2023 01:56:12) $",
            "2.5.13",
        )],
        counter_examples: &[b"OpenLDAP"],
    },
    Class {
        name: "openssl",
        files: &["openssl", "libcrypto.so*", "libssl.so*"],
        pattern: r"OpenSSL ([0-9]+\.[0-9]+\.[0-9]+(?:[a-z]{1,2}|-(?:alpha|beta|rc)[0-9]+)?)(?:-fips)? {1,2}[0-9]{1,2} [A-Z][a-z]{2} 20",
        examples: &[
            (b"OpenSSL 3.0.22 25 Aug 2026", "3.0.22"),
            (b"OpenSSL 1.1.1w  11 Sep 2023", "1.1.1w"),
        ],
        counter_examples: &[b"OpenSSL 1.1.0 or later"],
    },
    Class {
        name: "aws-lc",
        files: &["openssl", "libcrypto.so*", "bssl"],
        pattern: r"AWS-LC (?:FIPS )?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"AWS-LC 1.19.0", "1.19.0")],
        counter_examples: &[b"AWS-LC"],
    },
    Class {
        name: "perl",
        files: &["perl", "perl5*", "libperl.so*"],
        pattern: r"/perl(?:5|-base)?/(5\.[0-9]+\.[0-9]+)|/usr/local/lib/perl5/(5\.[0-9]+\.[0-9]+)",
        examples: &[
            (b"/usr/local/lib/perl5/5.38.2", "5.38.2"),
            (b"/usr/local/share/perl/5.36.0", "5.36.0"),
        ],
        counter_examples: &[b"/perl/lib"],
    },
    Class {
        name: "php",
        files: &["php", "php[0-9]*", "php-fpm*", "php-cgi*", "libphp*.so*"],
        pattern: r"X-Powered-By: PHP/([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"X-Powered-By: PHP/8.2.36", "8.2.36")],
        counter_examples: &[b"X-Powered-By: PHP/"],
    },
    Class {
        name: "composer",
        files: &["composer", "composer.phar"],
        pattern: r"(?:const VERSION = |'version' => )'([0-9]+\.[0-9]+\.[0-9]+)'",
        examples: &[(b"const VERSION = '2.6.6';", "2.6.6")],
        counter_examples: &[b"const VERSION = '@package_version@';"],
    },
    Class {
        name: "postgresql",
        files: &["postgres", "postgresql"],
        pattern: r"\x00PostgreSQL ([0-9]+\.[0-9]+(?:\.[0-9]+)?(?:alpha[0-9]|beta[0-9]|rc[0-9])?)(?:\x00| on | \()",
        examples: &[
            (b"\0PostgreSQL 15.20 (Debian 15.20-0+deb12u1)", "15.20"),
            (b"\0PostgreSQL 16.1 on x86_64-pc-linux-musl", "16.1"),
        ],
        counter_examples: &[b"\0PostgreSQL 9.1 or later is needed"],
    },
    Class {
        name: "proftpd",
        files: &["proftpd"],
        pattern: r"ProFTPD Version ([0-9]+\.[0-9]+\.[0-9]+[a-z]?)",
        examples: &[(b"ProFTPD Version 1.3.8b", "1.3.8b")],
        counter_examples: &[b"ProFTPD Version %s"],
    },
    Class {
        name: "pypy",
        files: &["libpypy*.so*", "pypy", "pypy3*"],
        pattern: r"\[PyPy ([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"[PyPy 7.3.11 with ", "7.3.11")],
        counter_examples: &[b"[PyPy"],
    },
    Class {
        name: "python",
        files: &["python", "python[23]*", "libpython[23]*.so*"],
        // The linker keeps a text that is the end of another one only there: pyenv and its kin install into
        // a folder with the name of the version, which the program knows as its prefix.
        pattern: r"(?:\x00|/versions/|[Pp]ython[-/])((?:2\.7|3\.[0-9]+)\.[0-9]+(?:(?:a|b|rc)[0-9]+)?)\+?\x00",
        examples: &[
            (b"\x003.11.2\0", "3.11.2"),
            (b"PREFIX\0/root/.pyenv/versions/3.13.0\0", "3.13.0"),
            (b"\0/opt/asdf/installs/python/3.12.1\0", "3.12.1"),
        ],
        counter_examples: &[b"\x003.11\0", b"\x00127.0.0.1\0", b"\0/opt/app/3.2.1\0"],
    },
    Class {
        name: "qtbase",
        files: &["libQt5Core.so*", "libQt6Core.so*"],
        pattern: r"Qt ([0-9]+\.[0-9]+\.[0-9]+) \(",
        examples: &[(b"Qt 6.4.2 (x86_64-little_endian-lp64", "6.4.2")],
        counter_examples: &[b"Qt 6"],
    },
    Class {
        name: "redis",
        files: &[
            "redis-server",
            "redis-check-rdb",
            "redis-check-aof",
            "redis-sentinel",
        ],
        pattern: BUILD_OF_REDIS,
        examples: &[
            (b"\x007.2.3buildkitsandbox-1700000000000000000\0", "7.2.3"),
            (b"\x007.2.43f2a1b9c8d7e-1700000000000000000\0", "7.2.4"),
            (b"7.0.151790282056000000000\0%llx", "7.0.15"),
            (b"txt\x008.0.21778644800000000000\0", "8.0.2"),
        ],
        counter_examples: &[
            b"Redis version=%s, bits=%d",
            b"\x00127.0.0.1\0",
            // The release that brought an option of a command, and the library of Lua that reads JSON.
            b"\x007.0.0\0",
            b"cjson\0_NAME\x002.1.0\0",
        ],
    },
    Class {
        name: "valkey",
        files: &["valkey-server", "valkey-check-rdb", "valkey-check-aof"],
        pattern: BUILD_OF_REDIS,
        examples: &[
            (b"\x007.2.5buildkitsandbox-1700000000000000000\0", "7.2.5"),
            (b"valkey8.1.11774773269000000000\0", "8.1.1"),
        ],
        counter_examples: &[b"valkey %s", b"MASTER\x003.2.0\x008.0.0\0"],
    },
    Class {
        name: "ruby",
        files: &["ruby", "ruby[0-9]*", "libruby*.so*"],
        pattern: r"\x00?ruby ([0-9]+\.[0-9]+\.[0-9]+(?:preview[0-9]+|rc[0-9]+)?)(?:p[0-9]+|dev)? \(20",
        examples: &[(
            b"ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux-gnu]",
            "3.1.2",
        )],
        counter_examples: &[b"ruby 3"],
    },
    Class {
        name: "rust-standard-library",
        files: &["libstd-*.so", "libstd-*.dylib"],
        pattern: r"clang LLVM \(rustc version ([0-9]+\.[0-9]+\.[0-9]+)|rustc version ([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"rustc version 1.74.1 (a28077b28 2023-12-04)", "1.74.1")],
        counter_examples: &[b"rustc version"],
    },
    Class {
        name: "sqlcipher",
        files: &["sqlcipher", "libsqlcipher.so*"],
        pattern: r"[^0-9]([0-9]+\.[0-9]+\.[0-9]+) community|\x00community\x00([0-9]+\.[0-9]+\.[0-9]+)\x00",
        examples: &[
            (b" 4.5.3 community", "4.5.3"),
            (b"\0community\x004.6.1\0%s %s\0", "4.6.1"),
        ],
        counter_examples: &[b"SQLCipher version %s %.19s"],
    },
    Class {
        name: "sqlite",
        files: &["sqlite3", "libsqlite3.so*"],
        pattern: r"\x00(3\.[0-9]+\.[0-9]+)\x00",
        examples: &[(b"\x003.40.1\0", "3.40.1")],
        counter_examples: &[b"\x003.40\0"],
    },
    Class {
        name: "swipl",
        files: &["swipl", "libswipl.so*"],
        pattern: r"swipl-(?:devel-)?([0-9]+\.[0-9]+\.[0-9]+)/",
        examples: &[(b"/tmp/src/swipl-9.1.19/build", "9.1.19")],
        counter_examples: &[b"libswipl.so.9"],
    },
    Class {
        name: "traefik",
        files: &["traefik"],
        pattern: r"github\.com/traefik/traefik/v[0-9]+/pkg/version\.Version=v?([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(
            b"-X github.com/traefik/traefik/v2/pkg/version.Version=v2.10.7",
            "2.10.7",
        )],
        counter_examples: &[b"traefik/v2/pkg/version"],
    },
    Class {
        name: "util-linux",
        files: &["getopt", "mount", "umount", "lsblk"],
        pattern: r"util-linux ([0-9]+\.[0-9]+(?:\.[0-9]+)?)",
        examples: &[(b"util-linux 2.38.1", "2.38.1")],
        counter_examples: &[b"/usr/lib/debug/.dwz/x86_64-linux-gnu/util-linux.debug"],
    },
    Class {
        name: "wordpress-cli",
        files: &["wp", "wp-cli.phar"],
        pattern: r"WP_CLI_VERSION[^0-9]{1,40}([0-9]+\.[0-9]+\.[0-9]+)|wp-cli/wp-cli ([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"wp-cli/wp-cli 2.9.0", "2.9.0")],
        counter_examples: &[b"WP_CLI_VERSION"],
    },
    Class {
        name: "xz",
        files: &["xz", "unxz", "xzcat"],
        pattern: r"xz \(XZ Utils\) ([0-9]+\.[0-9]+\.[0-9]+(?:alpha|beta)?)",
        examples: &[(b"xz (XZ Utils) 5.4.1", "5.4.1")],
        counter_examples: &[b"xz (XZ Utils) %s"],
    },
    Class {
        name: "xz",
        files: &["liblzma.so*"],
        pattern: r"\x00(5\.[0-9]+\.[0-9]+(?:alpha|beta)?)\x00",
        examples: &[(b"\x005.4.1\0", "5.4.1")],
        counter_examples: &[b"\x00XZ_5.4\0"],
    },
    Class {
        name: "zstd",
        files: &["zstd"],
        pattern: r"\x00v(1\.[0-9]+\.[0-9]+)\x00",
        examples: &[(b"\0v1.5.4\0", "1.5.4")],
        counter_examples: &[b"\0v%s\0"],
    },
    Class {
        name: "zstd",
        files: &["libzstd.so*"],
        pattern: r"\x00(1\.[0-9]+\.[0-9]+)\x00",
        examples: &[(b"\x001.5.4\0", "1.5.4")],
        counter_examples: &[b"\x001.5\0"],
    },
    Class {
        name: "zlib",
        files: &["libz.so*"],
        pattern: r" (?:in|de)flate (1\.[0-9]+(?:\.[0-9]+){0,2}) Copyright",
        examples: &[(b" inflate 1.2.13 Copyright 1995-2022 Mark Adler ", "1.2.13")],
        counter_examples: &[b" inflate Copyright"],
    },
    Class {
        name: "expat",
        files: &["libexpat.so*"],
        pattern: r"expat_([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"expat_2.5.0", "2.5.0")],
        counter_examples: &[b"expat_%s"],
    },
    Class {
        name: "glibc",
        files: &["libc.so.6", "libc-[0-9]*.so"],
        pattern: r"GNU C Library \([^)]{1,64}\) stable release version ([0-9]+\.[0-9]+)",
        examples: &[(
            b"GNU C Library (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.",
            "2.36",
        )],
        counter_examples: &[b"GNU C Library"],
    },
    Class {
        name: "musl",
        files: &["ld-musl-*.so*", "libc.musl-*.so*"],
        pattern: r"\x00(1\.[0-9]\.[0-9]+)\x00",
        examples: &[(b"\x001.2.4\0", "1.2.4")],
        counter_examples: &[b"musl libc (%s)"],
    },
    Class {
        name: "caddy",
        files: &["caddy"],
        pattern: r"github\.com/caddyserver/caddy/v2@v([0-9]+\.[0-9]+\.[0-9]+)",
        examples: &[(b"github.com/caddyserver/caddy/v2@v2.7.6/", "2.7.6")],
        counter_examples: &[b"caddyserver/caddy/v2"],
    },
    Class {
        name: "git",
        files: &["git"],
        pattern: r"\x00(?:git/)?(2\.[0-9]+\.[0-9]+(?:\.[0-9]+)?)\x00",
        examples: &[(b"\0git/2.39.5\0", "2.39.5")],
        counter_examples: &[b"git version %s"],
    },
];
