//! Controls 4.5 and 4.12 through the program: images that OpenSSL's keys signed, in registries and in layouts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plimsoll_model::Digest;
use plimsoll_testkit::background::{find, run};
use plimsoll_testkit::image::{Image, descriptor, oci};
use plimsoll_testkit::program::Program;
use plimsoll_testkit::registry::{Access, Guard, RealRegistry, Registry};
use serde_json::{Value, json};

mod keyless;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const SIMPLE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const SIGNED: &str = "https://sigstore.dev/cosign/sign/v1";
const PROVENANCE: &str = "https://slsa.dev/provenance/v1";

/// A key of OpenSSL, and how it signs.
struct Key {
    folder: PathBuf,
    kind: &'static str,
}

/// What OpenSSL makes a key of, and what more it is told when it signs.
const KINDS: [(&str, &[&str], &[&str]); 6] = [
    (
        "p256",
        &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        &["-sha256"],
    ),
    (
        "p384",
        &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["-sha384"],
    ),
    (
        "p384-256",
        &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["-sha256"],
    ),
    ("ed25519", &["ed25519"], &[]),
    (
        "rsa",
        &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        &["-sha256"],
    ),
    (
        "pss",
        &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        &[
            "-sha256",
            "-sigopt",
            "rsa_padding_mode:pss",
            "-sigopt",
            "rsa_pss_saltlen:digest",
        ],
    ),
];

impl Key {
    fn new(folder: &Path, kind: &'static str) -> Self {
        let key = Self {
            folder: folder.to_owned(),
            kind,
        };
        let (_, made_of, _) = KINDS.iter().find(|(own, ..)| *own == kind).expect("a kind");
        let openssl = || Command::new(find("openssl", "openssl"));
        run(openssl()
            .args(["genpkey", "-algorithm"])
            .args(*made_of)
            .arg("-out")
            .arg(key.file("pem")));
        run(openssl()
            .args(["pkey", "-pubout", "-in"])
            .arg(key.file("pem"))
            .arg("-out")
            .arg(key.file("pub")));
        key
    }

    fn file(&self, end: &str) -> PathBuf {
        self.folder.join(format!("{}.{end}", self.kind))
    }

    /// The signature of a message in Base64.
    fn sign(&self, message: &[u8]) -> String {
        let (_, _, how) = KINDS
            .iter()
            .find(|(own, ..)| *own == self.kind)
            .expect("a kind");
        fs::write(self.file("in"), message).expect("a file can be written");
        let mut openssl = Command::new(find("openssl", "openssl"));
        if how.is_empty() {
            openssl.args(["pkeyutl", "-sign", "-rawin", "-inkey"]);
            openssl
                .arg(self.file("pem"))
                .arg("-in")
                .arg(self.file("in"));
        } else {
            openssl.arg("dgst").args(*how).arg("-sign");
            openssl.arg(self.file("pem")).arg(self.file("in"));
        }
        STANDARD.encode(run(&mut openssl))
    }
}

/// What cosign signs for a digest.
fn payload(digest: &Digest) -> Vec<u8> {
    json!({
        "critical": {
            "identity": {"docker-reference": "registry.example/team/app"},
            "image": {"docker-manifest-digest": digest.as_str()},
            "type": "cosign container image signature",
        },
        "optional": null,
    })
    .to_string()
    .into_bytes()
}

/// A bundle of Sigstore with a statement that a key signed.
fn bundle(key: &Key, digest: &Digest, predicate: &str) -> Vec<u8> {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"digest": {"sha256": digest.hex()}}],
        "predicateType": predicate,
        "predicate": {},
    })
    .to_string();
    let kind = "application/vnd.in-toto+json";
    let message = format!(
        "DSSEv1 {} {kind} {} {statement}",
        kind.len(),
        statement.len()
    );
    json!({
        "mediaType": BUNDLE,
        "verificationMaterial": {"publicKey": {"hint": "a"}},
        "dsseEnvelope": {
            "payload": STANDARD.encode(&statement),
            "payloadType": kind,
            "signatures": [{"sig": key.sign(message.as_bytes())}],
        },
    })
    .to_string()
    .into_bytes()
}

/// A manifest of an artefact with these layers: media type, bytes, and its signature where that is an annotation.
fn artefact(layers: &[(&str, &[u8], Option<&str>)], subject: Option<&Digest>) -> Vec<u8> {
    let layers: Vec<Value> = layers
        .iter()
        .map(|(kind, bytes, signature)| {
            let mut layer = descriptor(kind, bytes);
            if let Some(signature) = signature {
                layer["annotations"] = json!({"dev.cosignproject.cosign/signature": signature});
            }
            layer
        })
        .collect();
    let mut manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": descriptor("application/vnd.oci.image.config.v1+json", b"{}"),
        "layers": layers,
    });
    if let Some(subject) = subject {
        manifest["subject"] = json!({"mediaType": MANIFEST, "digest": subject.as_str(), "size": 1});
    }
    manifest.to_string().into_bytes()
}

/// A registry with one image, `team/app:1`, and the program.
struct Scene {
    program: Program,
    registry: Registry,
    image: Digest,
}

fn image() -> Image {
    Image::new("x:1").layer("etc/os-release = \"ID=alpine\\nVERSION_ID=3.22.0\\n\"\n")
}

impl Scene {
    fn new() -> Self {
        let mut registry = Registry::start(Access::Open);
        let image = registry.push("team/app", "1", &image());
        Self {
            program: Program::new(env!("CARGO_BIN_EXE_plimsoll")),
            registry,
            image,
        }
    }

    fn key(&self, kind: &'static str) -> Key {
        Key::new(self.program.folder(), kind)
    }

    /// Stores signatures of cosign beside a digest.
    fn sign(&mut self, beside: &Digest, signatures: &[(&[u8], &str)]) {
        let layers: Vec<(&str, &[u8], Option<&str>)> = signatures
            .iter()
            .map(|(payload, signature)| (SIMPLE, *payload, Some(*signature)))
            .collect();
        for (payload, _) in signatures {
            self.registry.put_blob(payload);
        }
        let tag = format!("sha256-{}.sig", beside.hex());
        let manifest = artefact(&layers, None);
        self.registry
            .put_manifest("team/app", &tag, MANIFEST, &manifest);
    }

    /// Stores what refers to a digest.
    fn refer(&mut self, subject: &Digest, documents: &[(&str, &[u8])]) {
        let mut entries = Vec::new();
        for (kind, bytes) in documents {
            self.registry.put_blob(bytes);
            let manifest = artefact(&[(kind, bytes, None)], Some(subject));
            let digest = Digest::of(&manifest);
            self.registry
                .put_manifest("team/app", digest.as_str(), MANIFEST, &manifest);
            let mut entry = descriptor(MANIFEST, &manifest);
            entry["artifactType"] = match *kind {
                "application/cose" => json!("application/vnd.cncf.notary.signature"),
                kind => json!(kind),
            };
            entries.push(entry);
        }
        let list = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries});
        let name = format!("referrers/{subject}");
        let list = list.to_string();
        self.registry
            .put_manifest("team/app", &name, INDEX, list.as_bytes());
    }

    fn name(&self, tag: &str) -> String {
        format!("registry:{}/team/app:{tag}", self.registry.host())
    }

    /// A row of the policy that means the registry.
    fn row(&self, more: &str) -> String {
        let host = self.registry.host();
        format!("[[signed-by]]\nimage = \"{host}/team/*\"\n{more}\n")
    }

    fn said(&self, policy: &str) -> Said {
        said(&self.program, policy, &self.name("1"))
    }
}

/// Answers, reasons and evidence of 4.5 and of 4.12.
struct Said {
    image: (String, String),
    artefacts: (String, String),
    evidence: Vec<String>,
    zh: String,
    /// What the verdict rests on.
    reasons: String,
}

fn said(program: &Program, policy: &str, image: &str) -> Said {
    let file = program.file("policy.toml", policy);
    let report = |language: &str| {
        let file = file.to_str().expect("the path is text");
        let words = ["assess", "-f", "json", "--offline", "--lang", language];
        let run = program.run([&words[..], &["--policy", file, image]].concat());
        let report: Value =
            serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
        report
    };
    let control = |report: &Value, id: &str| {
        let all = report["controls"].as_array().expect("a list").clone();
        let found = all.into_iter().find(|one| one["id"] == id);
        found.expect("it is answered")
    };
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let en = report("en");
    let (image, artefacts) = (control(&en, "4.5"), control(&en, "4.12"));
    let evidence = artefacts["evidence"].as_array().expect("a list").iter();
    Said {
        image: (text(&image["answer"]), text(&image["reason"])),
        artefacts: (text(&artefacts["answer"]), text(&artefacts["reason"])),
        evidence: evidence.map(|one| text(&one["detail"])).collect(),
        zh: text(&control(&report("zh"), "4.5")["reason"]),
        reasons: en["verdict"]["reasons"].to_string(),
    }
}

impl Said {
    /// What 4.5 and 4.12 are, and what the reason of 4.5 or the evidence says.
    #[track_caller]
    fn is(&self, image: &str, artefacts: &str, words: &[&str]) {
        let all = format!(
            "{}\n{}\n{}",
            self.image.1,
            self.artefacts.1,
            self.evidence.join("\n")
        );
        assert_eq!(
            (self.image.0.as_str(), self.artefacts.0.as_str()),
            (image, artefacts),
            "{all}"
        );
        for word in words {
            assert!(all.contains(word), "`{word}` is not in:\n{all}");
        }
        // Whoever asks for a signature does not get a verdict without it.
        let reasons = &self.reasons;
        assert!(reasons.starts_with('[') && reasons.len() > 4, "{reasons}");
        match image {
            "pass" => assert!(!reasons.contains("signed-by: "), "{reasons}"),
            "fail" => assert!(reasons.contains("signed-by: "), "{reasons}"),
            _ => {}
        }
        assert!(
            self.zh != self.image.1 && !self.zh.is_ascii(),
            "{}",
            self.zh
        );
    }
}

#[test]
fn keys_of_every_kind_sign() {
    let mut scene = Scene::new();
    let image = scene.image.clone();
    for (kind, ..) in KINDS {
        let key = scene.key(kind);
        let payload = payload(&image);
        scene.sign(&image, &[(&payload, &key.sign(&payload))]);
        let file = scene.row(&format!("key = \"{kind}.pub\""));
        scene.said(&file).is(
            "pass",
            "pass",
            &[
                "it is signed as the policy asks: key sha256:",
                "verified, by key",
            ],
        );
    }
    // In the policy itself, and another one.
    let (key, other) = (scene.key("p256"), scene.key("ed25519"));
    let payload = payload(&image);
    scene.sign(&image, &[(&payload, &key.sign(&payload))]);
    let pem = |key: &Key| {
        let pem = fs::read_to_string(key.file("pub")).expect("a file");
        scene.row(&format!("key = \"\"\"\n{pem}\"\"\""))
    };
    scene.said(&pem(&key)).is("pass", "pass", &[]);
    scene
        .said(&pem(&other))
        .is("fail", "fail", &["it is not by the key", "cosign sign"]);
    // Any of several is enough, unless all of them are asked for.
    let both = pem(&other) + &pem(&key);
    scene.said(&both).is("pass", "pass", &[]);
    scene
        .said(&format!("signatures = \"all\"\n{both}"))
        .is("fail", "pass", &[]);
}

#[test]
fn what_is_not_signed_is_not() {
    let mut scene = Scene::new();
    let image = scene.image.clone();
    let key = scene.key("p256");
    let policy = scene.row("key = \"p256.pub\"");
    let nothing = "nothing that is signed is beside";
    scene.said(&policy).is("fail", "not-applicable", &[nothing]);
    scene
        .said("")
        .is("unknown", "unknown", &["no `[[signed-by]]` of a policy"]);
    let elsewhere = "[[signed-by]]\nimage = \"registry.example\"\nkey = \"p256.pub\"\n";
    scene
        .said(elsewhere)
        .is("unknown", "unknown", &["of the policy means"]);
    let good = payload(&image);
    let other = payload(&Digest::of(b"other"));
    let signature = key.sign(&good);
    for (payload, signature, why) in [
        // A good signature of another image, and one that belongs to another payload.
        (
            other.as_slice(),
            key.sign(&other),
            "it is about another artefact",
        ),
        (other.as_slice(), signature.clone(), "it is not by the key"),
        (
            good.as_slice(),
            String::new(),
            "there is no signature beside it",
        ),
        (
            good.as_slice(),
            "!".to_owned(),
            "its signature is not Base64",
        ),
        (
            &good[..20],
            key.sign(&good[..20]),
            "what is signed names no image",
        ),
    ] {
        scene.sign(&image, &[(payload, &signature)]);
        scene.said(&policy).is("fail", "fail", &[why]);
    }
    // One that is good is enough, but not all that is signed is validated.
    let junk = key.sign(&other);
    scene.sign(&image, &[(&other, &junk), (&good, &signature)]);
    scene
        .said(&policy)
        .is("pass", "fail", &["1 of 2 signatures"]);
    // A thousand: those that are looked at say nothing of the rest.
    let many: Vec<(&[u8], &str)> = vec![(&other, &junk); 1000];
    scene.sign(&image, &many);
    scene
        .said(&policy)
        .is("unknown", "fail", &["more documents than the 128"]);
    let broken = format!("sha256-{}.sig", image.hex());
    scene
        .registry
        .put_manifest("team/app", &broken, MANIFEST, b"{\"layers\": [");
    scene
        .said(&policy)
        .is("unknown", "unknown", &["could not be fetched"]);
}

#[test]
fn bundles_and_statements_are_referrers() {
    let mut scene = Scene::new();
    let image = scene.image.clone();
    let (key, other) = (scene.key("p256"), scene.key("rsa"));
    let policy = scene.row("key = \"p256.pub\"");
    let signed = bundle(&key, &image, SIGNED);
    scene.refer(&image, &[(BUNDLE, &signed)]);
    scene
        .said(&policy)
        .is("pass", "pass", &["referrer `sha256:"]);
    // A statement about the image is no signature of it, unless it is asked for.
    let provenance = bundle(&key, &image, PROVENANCE);
    scene.refer(&image, &[(BUNDLE, &provenance)]);
    scene
        .said(&policy)
        .is("fail", "pass", &["verified, by key", PROVENANCE]);
    let asked = format!("{policy}predicate = \"{PROVENANCE}\"\n");
    scene.said(&asked).is("pass", "pass", &[]);
    let wrong = bundle(&key, &Digest::of(b"other"), SIGNED);
    scene.refer(&image, &[(BUNDLE, &wrong)]);
    scene
        .said(&policy)
        .is("fail", "fail", &["it is about another artefact"]);
    let foreign = bundle(&other, &image, SIGNED);
    scene.refer(&image, &[(BUNDLE, &foreign)]);
    scene
        .said(&policy)
        .is("fail", "fail", &["it is not by the key"]);
    scene.refer(&image, &[(BUNDLE, &signed[..signed.len() / 2])]);
    scene
        .said(&policy)
        .is("fail", "fail", &["it is no bundle of Sigstore"]);
    scene.refer(&image, &[("application/cose", b"x")]);
    scene.said(&policy).is(
        "unknown",
        "unknown",
        &["it cannot be verified here: `application/cose`"],
    );
    // With a trust root the key is not enough: the log has to tell of it.
    let root = include_str!("../../../trust/fixtures/sigstore/root.json");
    let _ = scene.program.file("root.json", root);
    scene.refer(&image, &[(BUNDLE, &signed)]);
    let logged = format!("{policy}trusted-root = \"root.json\"\n");
    scene
        .said(&logged)
        .is("fail", "fail", &["no log tells of it"]);
}

/// The bundle is what cosign 3 wrote for another image: that it is refused for that alone says that all else is good.
#[test]
fn identities_are_names_that_an_authority_gave() {
    let mut scene = Scene::new();
    let image = scene.image.clone();
    let bundle = include_bytes!("../../../trust/fixtures/sigstore/cosign-3-image.json");
    let root = include_str!("../../../trust/fixtures/sigstore/root.json");
    let _ = scene.program.file("root.json", root);
    scene.refer(&image, &[(BUNDLE, bundle)]);
    let row = |identity: &str, issuer: &str| {
        scene.row(&format!(
            "{identity}\nissuer = \"{issuer}\"\ntrusted-root = \"root.json\""
        ))
    };
    let github = "https://token.actions.githubusercontent.com";
    let kubewarden = "identity-regex = \"https://github[.]com/kubewarden/.*\"";
    let of = "sha256:c811d58de79c92f03214e63aa339484e488d694ae8a6283b5f3f17a9faf50172";
    scene
        .said(&row(kubewarden, github))
        .is("fail", "fail", &["it is about another artefact", of]);
    let other = row("identity = \"https://github.com/kubewarden\"", github);
    scene.said(&other).is(
        "fail",
        "fail",
        &["it is by `https://github.com/kubewarden/kubewarden-controller/"],
    );
    let other = row(kubewarden, "https://accounts.example");
    scene.said(&other).is(
        "fail",
        "fail",
        &["`https://token.actions.githubusercontent.com` says who signed"],
    );
}

/// A signature of an index is one of its images, and a signature of an image is not one of its index.
#[test]
fn an_index_speaks_for_what_it_lists() {
    let mut scene = Scene::new();
    let key = scene.key("p256");
    let policy = scene.row("key = \"p256.pub\"");
    let parts = ["linux/amd64", "linux/arm64"].map(|platform| {
        let text = format!("etc/platform = \"{platform}\"\n");
        Image::new("x:1").platform(platform).layer(text.as_str())
    });
    let digests = [0, 1].map(|n: usize| {
        scene
            .registry
            .push("team/app", &format!("part-{n}"), &parts[n])
    });
    let index = scene.registry.push_index("team/app", "all", &parts);
    let ask = |scene: &Scene, platform: &str| {
        let file = scene.program.file("policy.toml", &policy);
        let file = file.to_str().expect("the path is text");
        let name = scene.name("all");
        let words = [
            "assess",
            "-f",
            "json",
            "--offline",
            "--policy",
            file,
            "--platform",
            platform,
        ];
        let report = scene.program.run([&words[..], &[&name]].concat()).json();
        let all = report["controls"].as_array().expect("a list").clone();
        let found = all.into_iter().find(|one| one["id"] == "4.5");
        let answer = &found.expect("it is answered")["answer"];
        answer.as_str().expect("a text").to_owned()
    };
    let of_index = payload(&index);
    scene.sign(&index, &[(&of_index, &key.sign(&of_index))]);
    assert_eq!(ask(&scene, "linux/amd64"), "pass");
    assert_eq!(ask(&scene, "linux/arm64"), "pass");
    // The same signature beside an image that was asked for by itself says nothing of it.
    scene.sign(&digests[0], &[(&of_index, &key.sign(&of_index))]);
    let name = scene.name("part-0");
    said(&scene.program, &policy, &name).is("fail", "fail", &["it is about another artefact"]);
    let of_part = payload(&digests[0]);
    scene.sign(&digests[0], &[(&of_part, &key.sign(&of_part))]);
    scene.sign(&index, &[(&of_part, &key.sign(&of_part))]);
    assert_eq!(ask(&scene, "linux/amd64"), "pass");
    assert_eq!(ask(&scene, "linux/arm64"), "fail");
}

/// An image tells its base and its digest; that the base is signed counts only if the image is made of it.
#[test]
fn a_signed_base_is_trusted() {
    let mut scene = Scene::new();
    let key = scene.key("p256");
    let policy = scene.row("key = \"p256.pub\"");
    let base = scene.image.clone();
    let name = format!("{}/team/app:1", scene.registry.host());
    let words = json!({
        "org.opencontainers.image.base.name": name,
        "org.opencontainers.image.base.digest": base.as_str(),
    });
    let own = image()
        .layer("app = \"x\"\n")
        .set("/config/Labels", words.clone());
    let other = Image::new("x:1")
        .layer("app = \"x\"\n")
        .set("/config/Labels", words);
    scene.registry.push("team/app", "own", &own);
    scene.registry.push("team/app", "other", &other);
    let ask = |scene: &Scene, tag: &str| {
        let file = scene.program.file("policy.toml", &policy);
        let file = file.to_str().expect("the path is text");
        let name = scene.name(tag);
        let words = ["assess", "-f", "json", "--offline", "--policy", file, &name];
        let report = scene.program.run(words).json();
        let all = report["controls"].as_array().expect("a list").clone();
        let found = all.into_iter().find(|one| one["id"] == "4.2");
        let found = found.expect("it is answered");
        let text = |key: &str| found[key].as_str().expect("a text").to_owned();
        (text("answer"), text("reason"))
    };
    let (answer, why) = ask(&scene, "own");
    assert_eq!(answer, "fail", "{why}");
    assert!(why.contains("is not signed as the policy asks"), "{why}");
    let payload = payload(&base);
    scene.sign(&base, &[(&payload, &key.sign(&payload))]);
    let (answer, why) = ask(&scene, "own");
    assert_eq!(answer, "pass", "{why}");
    let (answer, why) = ask(&scene, "other");
    assert_eq!(answer, "fail", "{why}");
    assert!(why.contains("does not have its layers"), "{why}");
}

/// Debian's registry and `skopeo`, and the same as a layout on disk and as an archive.
#[test]
fn a_real_registry_keeps_signatures() {
    let real = RealRegistry::start(Guard::Nothing);
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let key = Key::new(program.folder(), "p256");
    let copy = |from: &str, to: &str| {
        let mut skopeo = Command::new(find("skopeo", "skopeo"));
        skopeo.args([
            "copy",
            "--quiet",
            "--insecure-policy",
            "--src-tls-verify=false",
        ]);
        run(skopeo.arg("--dest-tls-verify=false").arg(from).arg(to));
    };
    let folder = |name: &str| program.folder().join(name).display().to_string();
    let image = image();
    let digest = Digest::of(&image.manifest_bytes());
    oci(std::slice::from_ref(&image)).write(&program.folder().join("image"));
    copy(
        &format!("oci:{}", folder("image")),
        &format!("docker://{}", real.name("team/app:1")),
    );
    // The signature as cosign stores it.
    let payload = payload(&digest);
    let manifest = artefact(&[(SIMPLE, &payload, Some(&key.sign(&payload)))], None);
    let mut files = oci(std::slice::from_ref(&image));
    files.put_blob(&payload).put_blob(b"{}").put_blob(&manifest);
    let mut index = json!({"schemaVersion": 2, "manifests": [descriptor(MANIFEST, &manifest)]});
    files.put_json("index.json", &index);
    files.write(&program.folder().join("signature"));
    let tag = format!("sha256-{}.sig", digest.hex());
    let policy = format!(
        "[[signed-by]]\nimage = \"{}\"\nkey = \"p256.pub\"\n",
        real.name("team/**")
    );
    let name = format!("registry:{}", real.name("team/app:1"));
    said(&program, &policy, &name).is("fail", "not-applicable", &[]);
    copy(
        &format!("oci:{}", folder("signature")),
        &format!("docker://{}", real.name(&format!("team/app:{tag}"))),
    );
    said(&program, &policy, &name).is("pass", "pass", &["tag `sha256-"]);
    // Both in one layout, which gives the image its name.
    let app = real.name("team/app:1");
    let mut entries = Vec::new();
    for (bytes, name) in [(image.manifest_bytes(), app.clone()), (manifest, tag)] {
        let mut entry = descriptor(MANIFEST, &bytes);
        entry["annotations"] = json!({"org.opencontainers.image.ref.name": name});
        entries.push(entry);
    }
    index["manifests"] = json!(entries);
    files.put_json("index.json", &index);
    files.write(&program.folder().join("both"));
    let layout = format!("oci-dir:{}:{app}", folder("both"));
    said(&program, &policy, &layout).is("pass", "pass", &[]);
    fs::write(program.folder().join("both.tar"), files.tar()).expect("a file can be written");
    let archive = format!("oci-archive:{}:{app}", folder("both.tar"));
    let said = said(&program, &policy, &archive);
    said.is(
        "unknown",
        "unknown",
        &["kept by the registry", "`registry:NAME`"],
    );
}

#[test]
fn a_policy_that_cannot_be_used_says_so() {
    let scene = Scene::new();
    let _ = scene.program.file("root.json", "{}");
    let _ = scene.program.file("none.pub", "x");
    for (more, words) in [
        ("key = \"gone.pub\"", &["cannot read", "gone.pub"][..]),
        (
            "key = \"none.pub\"",
            &["the `key` of the `signed-by` of", "no PEM block"],
        ),
        (
            "identity = \"a\"\nissuer = \"b\"\ntrusted-root = \"root.json\"",
            &[
                "the `trusted-root` of the `signed-by` of",
                "no trusted root of Sigstore",
            ],
        ),
        ("identity = \"a\"", &["without an `issuer`"]),
    ] {
        let file = scene.program.file("policy.toml", scene.row(more));
        let file = file.to_str().expect("the path is text");
        let name = scene.name("1");
        let run = scene
            .program
            .run(["assess", "--offline", "--policy", file, &name]);
        run.ends(4, words);
        run.ends(4, &["policy.toml"]);
    }
}
