//! Section 4 of the CIS Docker Benchmark and what Dockle asks, through the program.

use plimsoll_testkit::image::{Image, oci};
use plimsoll_testkit::program::Program;
use serde_json::{Value, json};

fn report(image: Image) -> Value {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let file = program.file("image.tar", oci(&[image]).tar());
    let file = file.to_str().expect("the path is text");
    let run = program.run(["assess", "-f", "json", "--offline", file]);
    serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// Id and answer of each of a list.
fn answers<'a>(report: &'a Value, list: &str) -> Vec<(&'a str, &'a str)> {
    let all = report[list].as_array().expect("a list").iter();
    let text = |value: &'a Value| value.as_str().expect("a text");
    all.map(|one| (text(&one["id"]), text(&one["answer"])))
        .collect()
}

fn answer<'a>(report: &'a Value, list: &str, id: &str) -> &'a str {
    let found = answers(report, list)
        .into_iter()
        .find(|(own, _)| *own == id);
    found.unwrap_or_else(|| panic!("no {id}")).1
}

fn history(steps: &[(&str, bool)]) -> Value {
    let entry = |(by, empty): &(&str, bool)| json!({"created_by": by, "empty_layer": empty});
    steps.iter().map(entry).collect()
}

const ROOT: &str = "/bin/sh -c #(nop) ADD file:2373b71a60abe2a6e6abff3a8a31abc6 in / ";

/// A base with the programs that every base has, and on it what nobody should do.
fn bad() -> Image {
    let base = "etc/os-release = \"ID=alpine\\nVERSION_ID=3.22.0\\n\"\n\
                etc/passwd = \"root:x:0:0:root:/root:/bin/sh\\ntoor:x:0:0::/:/bin/sh\\n\"\n\
                etc/group = \"root:x:0:\\nwheel:x:0:\\n\"\n\
                etc/shadow = \"root:::0:::::\\ntoor:!::0:::::\\n\"\n\
                bin/busybox 755 = \"x\"\nbin/sh -> busybox\n";
    let own = "usr/bin/own 6755 0:42 = \"x\"\nvar/lib/apt/lists/x_InRelease = \"x\"\n\
               etc/apt/sources.list = \"deb [trusted=yes] http://x.example /\\n\"\n\
               app/.git/HEAD = \"ref\"\n";
    Image::new("registry.example/app:1")
        .layer(base)
        .layer(own)
        .set(
            "/history",
            history(&[
                (ROOT, false),
                ("/bin/sh -c #(nop)  CMD [\"/bin/sh\"]", true),
                ("|1 DB_PASSWORD=hunter2 /bin/sh -c apt-get update", true),
                (
                    "RUN /bin/sh -c apt-get install -y --allow-unauthenticated x # buildkit",
                    false,
                ),
                ("ADD app.py /app/ # buildkit", true),
            ]),
        )
        .set("/config/User", json!("00:0"))
        .set("/config/Volumes", json!({"/etc": {}, "/data": {}}))
        .set(
            "/config/Healthcheck",
            json!({"Test": ["CMD-SHELL", "curl -f localhost || exit 1"]}),
        )
}

#[test]
fn each_control_of_section_4_is_answered() {
    let report = report(bad());
    let controls = answers(&report, "controls");
    let expected = [
        ("4.1", "fail"),
        ("4.2", "unknown"),
        ("4.3", "pass"),
        ("4.4", "fail"),
        ("4.5", "unknown"),
        ("4.6", "fail"),
        ("4.7", "fail"),
        ("4.8", "fail"),
        ("4.9", "fail"),
        ("4.10", "fail"),
        ("4.11", "fail"),
        ("4.12", "unknown"),
    ];
    assert_eq!(controls, expected);
    for control in report["controls"].as_array().expect("a list") {
        assert_eq!(control["benchmark"], "CIS Docker Benchmark");
        assert_eq!(control["version"], "1.6.0");
    }
    assert!(!report.to_string().contains("hunter2"));
}

#[test]
fn what_dockle_asks_is_asked() {
    let report = report(bad());
    for id in [
        "root-user",
        "healthcheck",
        "setuid-file",
        "config-secret",
        "sensitive-volume",
        "empty-password",
        "duplicate-account",
        "leftover-file",
        "unverified-source",
    ] {
        assert_eq!(answer(&report, "checks", id), "fail", "{id}");
    }
    let findings = report["findings"].as_array().expect("a list");
    let of = |rule: &str| findings.iter().find(|finding| finding["rule"] == rule);
    let alone = of("index-update-alone").expect("the update alone is found");
    assert_eq!(alone["evidence"][0]["detail"], "step 3: RUN apt-get update");
    assert_eq!(alone["evidence"][0]["line"], 5);
    assert!(of("add-for-files").is_some() && of("unverified-package").is_some());
}

/// The same things, done well. What a later layer removes from a program counts, and a health check may call what is
/// there under a link or under a further name.
#[test]
fn a_well_made_image_passes() {
    let base = "etc/os-release = \"ID=alpine\\nVERSION_ID=3.22.0\\n\"\n\
                etc/passwd = \"root:x:0:0:root:/root:/bin/sh\\napp:x:1000:1000::/:/bin/sh\\n\"\n\
                etc/group = \"root:x:0:\\napp:x:1000:\\n\"\n\
                etc/shadow = \"root:*:::::::\\n\"\n\
                bin -> usr/bin\nusr/bin/busybox 755 = \"x\"\nusr/bin/sh -> busybox\nusr/bin/wget => usr/bin/busybox\n\
                usr/bin/own 4755 = \"x\"\n";
    let check = json!({"Test": ["CMD-SHELL", "wget -q localhost || exit 1"]});
    let image = || {
        Image::new("registry.example/app:1")
            .layer(base)
            .layer("usr/bin/own 755 = \"x\"\n")
            .set(
                "/history",
                history(&[
                    (ROOT, false),
                    ("/bin/sh -c #(nop)  CMD [\"/bin/sh\"]", true),
                    ("RUN /bin/sh -c chmod 755 /usr/bin/own # buildkit", false),
                ]),
            )
            .set("/config/User", json!("app"))
            .set("/config/Healthcheck", check.clone())
    };
    let good = report(image());
    for id in ["4.1", "4.3", "4.6", "4.7", "4.8", "4.9", "4.10", "4.11"] {
        assert_eq!(
            answer(&good, "controls", id),
            "pass",
            "{id}: {}",
            good["controls"]
        );
    }
    let gone = report(image().layer("~usr/bin/wget\n"));
    assert_eq!(answer(&gone, "controls", "4.6"), "fail");
    // Without a history nobody can say how it was built.
    let silent = report(image().set("/history", json!([])));
    for id in ["4.7", "4.9", "4.11"] {
        assert_eq!(answer(&silent, "controls", id), "unknown", "{id}");
    }
}

/// What the program says of 4.2: answer and reason, in both languages, and the exit code's error text.
struct Based {
    program: Program,
    image: String,
}

impl Based {
    fn new(image: Image) -> Self {
        let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
        let file = program.file("image.tar", oci(&[image]).tar());
        let image = file.to_str().expect("the path is text").to_owned();
        Self { program, image }
    }

    fn report(&self, policy: &str, language: &str) -> Value {
        let file = self.program.file("policy.toml", policy);
        let file = file.to_str().expect("the path is text");
        let words = ["assess", "-f", "json", "--offline", "--lang", language];
        let run = self
            .program
            .run([&words[..], &["--policy", file, &self.image]].concat());
        serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
    }

    fn said(&self, policy: &str, language: &str) -> (String, String) {
        let report = self.report(policy, language);
        let all = report["controls"].as_array().expect("a list").iter();
        let found = all.clone().find(|one| one["id"] == "4.2");
        let found = found.expect("4.2 is answered");
        let text = |key: &str| found[key].as_str().expect("a text").to_owned();
        (text("answer"), text("reason"))
    }

    #[track_caller]
    fn says(&self, policy: &str, answer: &str, reason: &str) {
        let (own, why) = self.said(policy, "en");
        assert_eq!(own, answer, "{policy}: {why}");
        assert!(why.contains(reason), "{policy}: {why}");
        let (own, zh) = self.said(policy, "zh");
        assert_eq!(own, answer);
        assert!(zh != why && !zh.is_ascii(), "{zh}");
    }
}

/// An image on a base that its labels name, of two layers of which the base has one.
fn on_a_base(name: &str, digest: &str) -> Image {
    let image = Image::new("registry.example/app:1")
        .layer("etc/os-release = \"ID=debian\\nVERSION_ID=12\\n\"\n")
        .layer("app = \"x\"\n");
    let labels = json!({
        "org.opencontainers.image.base.name": name,
        "org.opencontainers.image.base.digest": digest,
    });
    image.set("/config/Labels", labels)
}

const ONE: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
const TWO: &str = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

fn row(image: &str, more: &str) -> String {
    format!("[[trusted-base]]\nimage = \"{image}\"\n{more}\n")
}

#[test]
fn the_policy_says_which_bases_are_trusted() {
    let debian = Based::new(on_a_base("debian:12", ONE));
    let digests = |digest: &str| format!("digests = [\"{digest}\"]");
    debian.says("", "unknown", "no list of trusted bases was given");
    for image in [
        "docker.io",
        "docker.io/library/debian:12*",
        "docker.io/*/debian",
    ] {
        debian.says(&row(image, ""), "pass", "its word is all there is");
    }
    let other = row("registry.example.org", "");
    debian.says(
        &other,
        "fail",
        "`debian:12`, which is none that the policy trusts",
    );
    debian.says(
        &row("docker.io/library/debian:13", ""),
        "fail",
        "none that the policy trusts",
    );
    // The second row is the one that holds.
    let two = other + &row("docker.io/library/debian", &digests(ONE));
    debian.says(&two, "pass", "trusts as `docker.io/library/debian`");
    debian.says(
        &row("docker.io", &digests(TWO)),
        "fail",
        "with the digest sha256:1111",
    );
    let silent = Based::new(on_a_base("docker.io/library/debian:12", ""));
    silent.says(
        &row("docker.io", &digests(ONE)),
        "unknown",
        "by digest or by layers",
    );
    let pinned = Based::new(on_a_base(&format!("debian@{TWO}"), ""));
    pinned.says(&row("docker.io", &digests(TWO)), "pass", "its word");
    let scratch = Based::new(on_a_base("scratch", ""));
    scratch.says(&row("docker.io", ""), "not-applicable", "no base");
    let nonsense = Based::new(on_a_base("De bian", ""));
    nonsense.says(
        &row("docker.io", ""),
        "unknown",
        "`De bian` is not the name of an image",
    );
    let error = debian.program.file("policy.toml", row("debian", ""));
    let error = error.to_str().expect("the path is text");
    let run = debian
        .program
        .run(["assess", "--offline", "--policy", error, &debian.image]);
    run.ends(
        4,
        &[
            "`debian` is no pattern of images",
            "docker.io/library/debian",
        ],
    );
}

/// What an image says of itself anybody can write; its layers nobody can.
#[test]
fn layers_prove_a_base() {
    let named = Based::new(on_a_base("debian:12", ""));
    let run = named.program.run(["inspect", "-f", "json", &named.image]);
    let layers = &run.json()[0]["RootFS"]["Layers"];
    let diff_id = |at: usize| layers[at].as_str().expect("a digest").to_owned();
    let (base, own) = (diff_id(0), diff_id(1));
    let of = |layers: &[&str]| row("docker.io/library/debian", &format!("layers = {layers:?}"));
    named.says(&of(&[&base]), "pass", "its lowest layers are the 1 of");
    named.says(&of(&[&base, &own]), "pass", "the 2 of");
    named.says(&of(&[&own]), "fail", "does not have the layers");
    named.says(&of(&[&base, &own, ONE]), "fail", "does not have the layers");
    // Trusted layers below do not make another base trusted.
    let other = Based::new(on_a_base("evil.example/debian:12", ""));
    other.says(&of(&[&base]), "fail", "none that the policy trusts");
    let silent = Based::new(on_a_base("", ""));
    silent.says(&of(&[&base]), "pass", "its lowest layers");
    silent.says(&of(&[&own]), "unknown", "those of no base whose layers");
    silent.says("", "unknown", "no list of trusted bases");
}
