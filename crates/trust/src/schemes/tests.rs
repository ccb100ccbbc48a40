//! Bundles that others made, and what is changed in them; `fixtures/sigstore/README.md` says where they are from.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::*;
use crate::key::PublicKey;
use crate::root::TrustedRoot;
use crate::signer::Expected;

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const GITHUB: &str = "https://token.actions.githubusercontent.com";
const LOGIN: &str = "https://github.com/login/oauth";

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/sigstore/", $name))
    };
}

fn root() -> Arc<TrustedRoot> {
    Arc::new(TrustedRoot::parse(fixture!("root.json").as_bytes()).expect("a root"))
}

fn by(root: &Arc<TrustedRoot>, name: &str, issuer: &str) -> Signer {
    Signer::Identity {
        root: Arc::clone(root),
        name: Expected::form(name).expect("an expression"),
        issuer: Expected::Exact(issuer.to_owned()),
    }
}

fn verdict(
    bundle: &str,
    digest: &str,
    bytes: &[u8],
    signer: &Signer,
) -> Result<Verified, Rejection> {
    let digest = digest.parse().expect("a digest");
    let found = Found {
        media_type: MEDIA_TYPE,
        annotations: &BTreeMap::new(),
        bytes: bundle.as_bytes(),
    };
    let subject = Subject {
        digest: &digest,
        bytes,
    };
    verify(&found, &subject, signer)
}

/// What cosign 3 wrote for an image, `kubewarden-controller` 1.34.0.
const IMAGE: &str = fixture!("cosign-3-image.json");
const IMAGE_DIGEST: &str =
    "sha256:c811d58de79c92f03214e63aa339484e488d694ae8a6283b5f3f17a9faf50172";
const KUBEWARDEN: &str = "https://github.com/kubewarden/kubewarden-controller/.github/workflows/release.yml@refs/tags/v.*";

#[test]
fn an_image_is_signed_by_whom_it_is_signed() {
    let root = root();
    let verified = verdict(IMAGE, IMAGE_DIGEST, b"", &by(&root, KUBEWARDEN, GITHUB));
    let verified = verified.expect("it is signed");
    assert!(
        verified
            .by()
            .ends_with("refs/tags/v1.34.0 (https://token.actions.githubusercontent.com)")
    );
    assert_eq!(verified.predicate(), None);
    assert_eq!(
        verified.at().expect("a time").to_string(),
        "2026-04-09T07:23:29Z"
    );
    let other = format!("sha256:{}", "0".repeat(64));
    assert_eq!(
        verdict(IMAGE, &other, b"", &by(&root, KUBEWARDEN, GITHUB)),
        Err(Rejection::OtherDigest {
            found: Some(IMAGE_DIGEST.to_owned())
        })
    );
    // A part of the name is not the name.
    for name in ["https://github.com/kubewarden", "kubewarden", "x|y", ""] {
        assert!(matches!(
            verdict(IMAGE, IMAGE_DIGEST, b"", &by(&root, name, GITHUB)),
            Err(Rejection::OtherIdentity { .. })
        ));
    }
    assert_eq!(
        verdict(IMAGE, IMAGE_DIGEST, b"", &by(&root, ".*", LOGIN)),
        Err(Rejection::OtherIssuer {
            found: GITHUB.to_owned()
        })
    );
    assert!(Expected::form("a)|(?:b").is_err() && Expected::form("(").is_err());
    // Another instance of Sigstore.
    let staging = TrustedRoot::parse(fixture!("staging-root.json").as_bytes()).expect("a root");
    assert_eq!(
        verdict(
            IMAGE,
            IMAGE_DIGEST,
            b"",
            &by(&Arc::new(staging), ".*", GITHUB)
        ),
        Err(Rejection::UnknownLog)
    );
    let key = PublicKey::from_pem(fixture!("key.pub").as_bytes()).expect("a key");
    let key = Signer::Key { key, log: None };
    assert_eq!(
        verdict(IMAGE, IMAGE_DIGEST, b"", &key),
        Err(Rejection::OtherKey)
    );
}

#[test]
fn bundles_of_every_kind_are_verified() {
    let root = root();
    let hash = |text: &str| Digest::of(text.as_bytes()).to_string();
    let blob = fixture!("message.txt");
    let verified = verdict(
        fixture!("message.json"),
        &hash(blob),
        blob.as_bytes(),
        &by(&root, ".*", LOGIN),
    );
    assert!(verified.is_ok(), "{verified:?}");
    let digest = "sha512:46d4e2f74c4877316640000a6fdf8a8b59f1e0847667973e9859f774dd31b8f1e0937813b777fb66a2ac67d50540fe34640966eee9fc2ccca387082b4c85cd3c";
    let sigstore = "https://github.com/sigstore/sigstore-js/.*";
    let verified = verdict(
        fixture!("provenance.json"),
        digest,
        b"",
        &by(&root, sigstore, GITHUB),
    );
    let verified = verified.expect("it is signed");
    assert_eq!(verified.predicate(), Some("https://slsa.dev/provenance/v1"));
    // The second version of Rekor, whose time comes from a clock.
    let staging = TrustedRoot::parse(fixture!("staging-root.json").as_bytes()).expect("a root");
    let staging = Arc::new(staging);
    let digest = "sha256:a0cfc71271d6e278e57cd332ff957c3f7043fdda354c4cbb190a30d56efa01bf";
    let verified = verdict(
        fixture!("rekor-2.json"),
        digest,
        b"",
        &by(&staging, ".*", GITHUB),
    );
    assert!(verified.is_ok(), "{verified:?}");
    // A key, with and without the log.
    let artefact = fixture!("key.txt");
    let key = PublicKey::from_pem(fixture!("key.pub").as_bytes()).expect("a key");
    for log in [None, Some(Arc::clone(&root))] {
        let key = key.clone();
        let signer = Signer::Key { key, log };
        let said =
            |text: &str| verdict(fixture!("key.json"), &hash(text), text.as_bytes(), &signer);
        assert!(said(artefact).is_ok(), "{:?}", said(artefact));
        assert!(matches!(said("other"), Err(Rejection::OtherDigest { .. })));
    }
    let signer = Signer::Key {
        key,
        log: Some(staging),
    };
    assert_eq!(
        verdict(
            fixture!("key.json"),
            &hash(artefact),
            artefact.as_bytes(),
            &signer
        ),
        Err(Rejection::UnknownLog)
    );
}

#[test]
fn a_second_signature_is_nobodys() {
    let root = root();
    let zero = format!("sha256:{}", "0".repeat(64));
    assert_eq!(
        verdict(
            fixture!("two-signatures.json"),
            &zero,
            b"",
            &by(&root, ".*", LOGIN)
        ),
        Err(Rejection::Malformed("it has not one signature"))
    );
}

/// A bundle with another value at a place.
fn with(bundle: &str, place: &str, value: Value) -> String {
    let mut file: Value = serde_json::from_str(bundle).expect("JSON");
    *file.pointer_mut(place).expect("the place is there") = value;
    file.to_string()
}

fn at(bundle: &str, place: &str) -> Value {
    let file: Value = serde_json::from_str(bundle).expect("JSON");
    file.pointer(place).expect("the place is there").clone()
}

#[test]
fn what_is_changed_in_a_bundle_is_noticed() {
    let root = root();
    let signer = by(&root, KUBEWARDEN, GITHUB);
    let said = |bundle: &str| verdict(bundle, IMAGE_DIGEST, b"", &signer);
    let entry = |rest: &str| format!("/verificationMaterial/tlogEntries/0/{rest}");
    let other = fixture!("message.json");
    for (place, value, why) in [
        // A time at which the certificate held, and one at which it did not: the log signed neither.
        (
            entry("integratedTime"),
            json!("1775719500"),
            Rejection::LogSignature,
        ),
        (
            entry("integratedTime"),
            json!("1875719500"),
            Rejection::LogSignature,
        ),
        (entry("logIndex"), json!("1"), Rejection::LogSignature),
        (
            entry("inclusionProof/treeSize"),
            json!("77"),
            Rejection::Inclusion,
        ),
        (
            entry("inclusionProof/logIndex"),
            json!("0"),
            Rejection::Inclusion,
        ),
        (
            entry("inclusionProof/checkpoint/envelope"),
            at(other, &entry("inclusionProof/checkpoint/envelope")),
            Rejection::Inclusion,
        ),
        (
            entry("logId/keyId"),
            json!(STANDARD.encode([0; 32])),
            Rejection::UnknownLog,
        ),
        (
            "/verificationMaterial/tlogEntries".to_owned(),
            json!([]),
            Rejection::NoLog,
        ),
        // The entry of another signature, which is in the log.
        (
            "/verificationMaterial/tlogEntries".to_owned(),
            at(other, "/verificationMaterial/tlogEntries"),
            Rejection::OtherEntry,
        ),
        (
            "/verificationMaterial/certificate".to_owned(),
            at(other, "/verificationMaterial/certificate"),
            Rejection::OtherEntry,
        ),
        (
            "/dsseEnvelope/payload".to_owned(),
            json!(STANDARD.encode("{}")),
            Rejection::OtherEntry,
        ),
        (
            "/dsseEnvelope/payloadType".to_owned(),
            json!("text/plain"),
            Rejection::OtherKey,
        ),
    ] {
        let mut changed = with(IMAGE, &place, value);
        if why == Rejection::Inclusion && place.ends_with("treeSize") {
            // The log's promise is left out, so that the proof alone counts.
            changed = with(&changed, &entry("inclusionPromise"), Value::Null);
        }
        assert_eq!(said(&changed), Err(why), "{place}");
    }
}

#[test]
fn a_clock_tells_the_time_where_the_log_does_not() {
    let root = root();
    let signer = by(&root, KUBEWARDEN, GITHUB);
    let said = |bundle: &str| verdict(bundle, IMAGE_DIGEST, b"", &signer);
    let entry = |rest: &str| format!("/verificationMaterial/tlogEntries/0/{rest}");
    let other = fixture!("message.json");
    // Without the promise the clock's stamp tells the time, and a stamp of another signature does not.
    let without = with(IMAGE, &entry("inclusionPromise"), Value::Null);
    assert!(said(&without).is_ok(), "{:?}", said(&without));
    let stamps = "/verificationMaterial/timestampVerificationData";
    let other = with(&without, stamps, at(other, stamps));
    assert!(matches!(
        said(&other),
        Err(Rejection::Stamp("it is about another signature"))
    ));
    let none = with(&without, stamps, Value::Null);
    assert_eq!(said(&none), Err(Rejection::NoTime));
    for cut in (0..IMAGE.len()).step_by(37) {
        assert!(said(&IMAGE[..cut]).is_err());
    }
    let version = with(
        IMAGE,
        "/mediaType",
        json!("application/vnd.dev.sigstore.bundle.v0.9+json"),
    );
    assert!(said(&version).expect_err("not known").is_unclear());
}

/// An authority that is not the one that gave the certificate, and logs of certificates that promised nothing.
#[test]
fn what_is_missing_in_a_root_is_missed() {
    let file = fixture!("root.json");
    let less = |place: &str| {
        let text = with(file, place, json!([]));
        Arc::new(TrustedRoot::parse(text.as_bytes()).expect("a root"))
    };
    let said =
        |root: &Arc<TrustedRoot>| verdict(IMAGE, IMAGE_DIGEST, b"", &by(root, KUBEWARDEN, GITHUB));
    assert!(said(&less("/ctlogs")).is_ok());
    let staging = fixture!("staging-root.json");
    let other = with(file, "/ctlogs", at(staging, "/ctlogs"));
    let other = TrustedRoot::parse(other.as_bytes()).expect("a root");
    assert_eq!(said(&Arc::new(other)), Err(Rejection::NoCertificateLog));
    assert!(matches!(
        said(&less("/certificateAuthorities")),
        Err(Rejection::Chain(_))
    ));
    assert_eq!(said(&less("/tlogs")), Err(Rejection::UnknownLog));
    let mut old: Value = serde_json::from_str(file).expect("JSON");
    old["certificateAuthorities"][1]["validFor"]["end"] = json!("2026-01-01T00:00:00Z");
    let old = TrustedRoot::parse(old.to_string().as_bytes()).expect("a root");
    assert!(matches!(said(&Arc::new(old)), Err(Rejection::Chain(_))));
    for cut in (0..file.len() - 2).step_by(101) {
        assert!(TrustedRoot::parse(&file.as_bytes()[..cut]).is_err());
    }
    assert!(TrustedRoot::parse(b"{}").is_err());
    let broken = with(
        file,
        "/certificateAuthorities/0/certChain/certificates/0/rawBytes",
        json!("AAAA"),
    );
    assert!(TrustedRoot::parse(broken.as_bytes()).is_err());
}

/// GitHub's own instance has no log; its clock stamps every signature. The root names no authority, so that the time is
/// proved and nothing else.
#[test]
fn a_root_without_logs_needs_a_clock() {
    let file = fixture!("github-root.json");
    let digest = "sha256:76f1fe8593bf227cca2c089e3c16dc95014a8d3e89c5dd220530469ca043c428";
    let said = |root: &str| {
        let root = TrustedRoot::parse(root.as_bytes()).expect("a root");
        let signer = by(&Arc::new(root), ".*", "");
        verdict(fixture!("github-private.json"), digest, b"", &signer)
    };
    let none = Rejection::Chain("the trust root knows none of that time".to_owned());
    assert_eq!(said(file), Err(none));
    let clockless = with(file, "/timestampAuthorities", json!([]));
    assert_eq!(
        said(&clockless),
        Err(Rejection::Stamp("it is by no clock of the trust root"))
    );
}
