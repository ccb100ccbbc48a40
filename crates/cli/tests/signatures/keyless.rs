//! Identities: an authority, a log and certificates of OpenSSL, and images that were signed with them.

use super::*;

const NAME: &str = "https://ci.example/team/app@refs/heads/main";
const ISSUER: &str = "https://accounts.example";
/// From when until when certificates of the authority hold, as OpenSSL and as seconds since 1970.
const FROM: (&str, i64) = ("20260301120000Z", 1_772_366_400);
const UNTIL: (&str, i64) = ("20260301121000Z", 1_772_367_000);

/// An authority that gives certificates.
struct Authority {
    folder: PathBuf,
    key: Key,
}

/// A key with its certificate.
struct Leaf {
    key: Key,
    pem: Vec<u8>,
}

fn folder(parent: &Path, name: &str) -> PathBuf {
    let folder = parent.join(name);
    fs::create_dir(&folder).expect("a folder can be made");
    folder
}

impl Authority {
    fn new(parent: &Path, name: &str) -> Self {
        let folder = folder(parent, name);
        let key = Key::new(&folder, "p256");
        let settings = format!(
            "[ca]\ndefault_ca = own\n[own]\ndir = {dir}\nnew_certs_dir = {dir}\ndatabase = {dir}/index.txt\n\
             rand_serial = yes\ndefault_md = sha256\npolicy = any\nunique_subject = no\n\
             [any]\ncommonName = optional\n\
             [req]\ndistinguished_name = any\n\
             [root]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign\nsubjectKeyIdentifier = hash\n\
             [leaf]\nbasicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n\
             extendedKeyUsage = codeSigning\nsubjectAltName = critical,URI:{NAME}\n\
             1.3.6.1.4.1.57264.1.8 = ASN1:UTF8String:{ISSUER}\n",
            dir = folder.display(),
        );
        fs::write(folder.join("ca.cnf"), settings).expect("a file can be written");
        fs::write(folder.join("index.txt"), "").expect("a file can be written");
        let authority = Self { folder, key };
        let span = ("20250101000000Z", "20350101000000Z");
        authority.give(&authority.key, "root", span);
        authority
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Gives a certificate of a kind for a key, for a time.
    fn give(&self, key: &Key, kind: &str, (from, until): (&str, &str)) {
        let openssl = || Command::new(find("openssl", "openssl"));
        let (request, to) = (self.file("request"), self.file(&format!("{kind}.crt")));
        let settings = self.file("ca.cnf");
        run(openssl()
            .args(["req", "-new", "-subj", &format!("/CN={kind}"), "-config"])
            .arg(&settings)
            .arg("-key")
            .arg(key.file("pem"))
            .arg("-out")
            .arg(&request));
        let mut sign = openssl();
        sign.args(["ca", "-batch", "-notext", "-extensions", kind])
            .args(["-startdate", from, "-enddate", until, "-config"])
            .arg(&settings)
            .arg("-keyfile")
            .arg(self.key.file("pem"));
        if kind == "root" {
            sign.arg("-selfsign");
        } else {
            sign.arg("-cert").arg(self.file("root.crt"));
        }
        run(sign.arg("-in").arg(&request).arg("-out").arg(to));
    }

    /// A key of somebody called [`NAME`], with a certificate for ten minutes.
    fn leaf(&self) -> Leaf {
        let key = Key::new(&folder(&self.folder, "leaf"), "p256");
        self.give(&key, "leaf", (FROM.0, UNTIL.0));
        let pem = fs::read(self.file("leaf.crt")).expect("a certificate");
        Leaf { key, pem }
    }
}

/// What stands in a PEM file.
fn der(pem: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(pem);
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    let base64: String = lines.collect();
    STANDARD.decode(base64).expect("PEM")
}

/// The id of a log: the digest of its key.
fn log_id(log: &Key) -> Digest {
    Digest::of(&der(&fs::read(log.file("pub")).expect("a key")))
}

fn id_bytes(id: &Digest) -> Vec<u8> {
    let hex = id.hex().as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).expect("a digit");
    let pairs = hex.chunks(2);
    pairs
        .map(|pair| u8::try_from(digit(pair[0]) * 16 + digit(pair[1])).expect("a byte"))
        .collect()
}

/// A trust root of Sigstore that names an authority and a log.
fn trusted_root(authority: &Authority, log: &Key) -> String {
    let root = der(&fs::read(authority.file("root.crt")).expect("a certificate"));
    let key = der(&fs::read(log.file("pub")).expect("a key"));
    let since = json!({"start": "2025-01-01T00:00:00Z"});
    json!({
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs": [{
            "baseUrl": "https://log.example",
            "hashAlgorithm": "SHA2_256",
            "publicKey": {
                "rawBytes": STANDARD.encode(key),
                "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "validFor": since,
            },
            "logId": {"keyId": STANDARD.encode(id_bytes(&log_id(log)))},
        }],
        "certificateAuthorities": [{
            "certChain": {"certificates": [{"rawBytes": STANDARD.encode(root)}]},
            "validFor": since,
        }],
    })
    .to_string()
}

/// A bundle with a statement about a digest that was signed, and logged at a time.
fn logged(leaf: &Leaf, log: &Key, digest: &Digest, seconds: i64) -> Value {
    let mut bundle: Value =
        serde_json::from_slice(&bundle(&leaf.key, digest, SIGNED)).expect("JSON");
    let envelope = &bundle["dsseEnvelope"];
    let payload = STANDARD
        .decode(envelope["payload"].as_str().expect("a text"))
        .expect("Base64");
    let body = json!({
        "apiVersion": "0.0.1",
        "kind": "dsse",
        "spec": {
            "envelopeHash": {
                "algorithm": "sha256",
                "value": Digest::of(envelope.to_string().as_bytes()).hex(),
            },
            "payloadHash": {"algorithm": "sha256", "value": Digest::of(&payload).hex()},
            "signatures": [{
                "signature": envelope["signatures"][0]["sig"],
                "verifier": STANDARD.encode(&leaf.pem),
            }],
        },
    });
    let body = STANDARD.encode(body.to_string());
    let id = log_id(log);
    let promised = format!(
        r#"{{"body":"{body}","integratedTime":{seconds},"logID":"{}","logIndex":7}}"#,
        id.hex()
    );
    bundle["verificationMaterial"] = json!({
        "certificate": {"rawBytes": STANDARD.encode(der(&leaf.pem))},
        "tlogEntries": [{
            "logIndex": "7",
            "logId": {"keyId": STANDARD.encode(id_bytes(&id))},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": seconds.to_string(),
            "inclusionPromise": {"signedEntryTimestamp": log.sign(promised.as_bytes())},
            "canonicalizedBody": body,
        }],
    });
    bundle
}

/// Who signs with a certificate has signed while it held, and the log tells when.
#[test]
fn an_identity_signs_while_its_certificate_holds() {
    let mut scene = Scene::new();
    let image = scene.image.clone();
    let place = scene.program.folder().to_owned();
    let (authority, stranger) = (
        Authority::new(&place, "authority"),
        Authority::new(&place, "stranger"),
    );
    let log = Key::new(&folder(&place, "log"), "p256");
    let other_log = Key::new(&folder(&place, "other-log"), "p256");
    let root = trusted_root(&authority, &log);
    let _ = scene.program.file("root.json", &root);
    let leaf = authority.leaf();
    let row = |name: &str, issuer: &str| {
        scene.row(&format!(
            "identity = \"{name}\"\nissuer = \"{issuer}\"\ntrusted-root = \"root.json\""
        ))
    };
    let policy = row(NAME, ISSUER);
    let others = [
        row("https://ci.example/team/app", ISSUER),
        row(NAME, "https://other.example"),
    ];
    let mut put = |bundle: &Value| {
        let bytes = bundle.to_string().into_bytes();
        scene.refer(&image, &[(BUNDLE, &bytes)]);
        said(&scene.program, &policy, &scene.name("1"))
    };
    let good = logged(&leaf, &log, &image, FROM.1 + 60);
    put(&good).is("pass", "pass", &[NAME, ISSUER]);
    for seconds in [UNTIL.1 + 1, UNTIL.1 + 86_400] {
        let late = logged(&leaf, &log, &image, seconds);
        let words = ["no authority of the trust root answers", "CertExpired"];
        put(&late).is("fail", "fail", &words);
    }
    let early = logged(&leaf, &log, &image, FROM.1 - 1);
    put(&early).is("fail", "fail", &["CertNotValidYet"]);
    // The same entry, said to be of a time at which the certificate held.
    let mut moved = logged(&leaf, &log, &image, UNTIL.1 + 60);
    moved["verificationMaterial"]["tlogEntries"][0]["integratedTime"] =
        json!((FROM.1 + 60).to_string());
    put(&moved).is("fail", "fail", &["the log did not sign"]);
    let mut untold = good.clone();
    untold["verificationMaterial"]["tlogEntries"] = json!([]);
    put(&untold).is("fail", "fail", &["no log tells of it"]);
    let unknown = logged(&leaf, &other_log, &image, FROM.1 + 60);
    put(&unknown).is("fail", "fail", &["is none of the trust root"]);
    let foreign = logged(&stranger.leaf(), &log, &image, FROM.1 + 60);
    let words = ["no authority of the trust root answers", "InvalidSignature"];
    put(&foreign).is("fail", "fail", &words);
    let elsewhere = logged(&leaf, &log, &Digest::of(b"other"), FROM.1 + 60);
    put(&elsewhere).is("fail", "fail", &["it is about another artefact"]);
    let _ = put(&good);
    for policy in others {
        scene.said(&policy).is("fail", "fail", &[]);
    }
}

/// A registry may tell of what refers to an image in pages, and whoever keeps signatures may call them as they like.
#[test]
fn lists_go_on_and_layers_say_what_they_are() {
    use plimsoll_testkit::registry::{Fault, Reply};

    let mut scene = Scene::new();
    let image = scene.image.clone();
    let key = scene.key("p256");
    let policy = scene.row("key = \"p256.pub\"");
    let signed = bundle(&key, &image, SIGNED);
    scene.registry.put_blob(&signed);
    let manifest = artefact(&[(BUNDLE, &signed, None)], Some(&image));
    let digest = Digest::of(&manifest);
    scene
        .registry
        .put_manifest("team/app", digest.as_str(), MANIFEST, &manifest);
    let mut entry = descriptor(MANIFEST, &manifest);
    entry["artifactType"] = json!("application/vnd.example.what-we-like");
    let list = |entries: &[Value]| {
        json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).to_string()
    };
    let path = format!("/v2/team/app/referrers/{image}");
    let page = |entries: &[Value], next: Option<&str>| {
        let reply = Reply::new(200)
            .header("Content-Type", INDEX)
            .body(list(entries).into_bytes());
        Fault::Reply(match next {
            Some(next) => reply.header("Link", &format!("<{next}>; rel=\"next\"")),
            None => reply,
        })
    };
    // Whoever is asked first has it on its third page.
    scene
        .registry
        .spoil("last=2", 2, page(&[entry.clone()], None));
    let third = format!("{path}?n=1&last=2");
    scene.registry.spoil("last=1", 2, page(&[], Some(&third)));
    scene
        .registry
        .spoil("referrers", 2, page(&[], Some("?n=1&last=1")));
    scene.said(&policy).is("pass", "pass", &[digest.as_str()]);
    // Nobody follows a list that leads away, or for ever.
    for next in [
        "https://registry.example/v2/team/app/referrers/x".to_owned(),
        "/v2/other/app/referrers/x".to_owned(),
        path,
    ] {
        let scene = Scene::new();
        let _ = scene.key("p256");
        scene
            .registry
            .spoil("referrers", 200, page(&[], Some(&next)));
        let said = scene.said(&scene.row("key = \"p256.pub\""));
        let words = format!("the list of what refers to {image} goes on");
        said.is("unknown", "unknown", &[&words]);
        let seen = scene.registry.seen();
        let asked = |path: &str| seen.iter().filter(|seen| seen.path.contains(path)).count();
        assert_eq!(asked("/v2/other/"), 0, "{seen:?}");
        assert!(asked("referrers") < 200, "{seen:?}");
    }
}
