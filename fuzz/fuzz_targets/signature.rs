//! Any bytes as a signature of each scheme, with any annotations: no panic, and nothing is signed.
#![no_main]

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use plimsoll_model::Digest;
use plimsoll_trust::key::PublicKey;
use plimsoll_trust::{Expected, Found, Signer, Subject, TrustedRoot, verify};

static SIGNERS: LazyLock<[Signer; 2]> = LazyLock::new(|| {
    let root = include_bytes!("../../crates/trust/fixtures/sigstore/root.json");
    let root = Arc::new(TrustedRoot::parse(root).expect("a root"));
    let key = include_bytes!("../../crates/trust/fixtures/p256.pub");
    [
        Signer::Key {
            key: PublicKey::from_pem(key).expect("a key"),
            log: Some(Arc::clone(&root)),
        },
        Signer::Identity {
            root,
            name: Expected::form(".*").expect("an expression"),
            issuer: Expected::form(".*").expect("an expression"),
        },
    ]
});

fuzz_target!(|input: (&[u8], [&str; 5])| {
    let (bytes, texts) = input;
    let names = [
        "dev.cosignproject.cosign/signature",
        "dev.sigstore.cosign/certificate",
        "dev.sigstore.cosign/chain",
        "dev.sigstore.cosign/bundle",
        "dev.sigstore.cosign/rfc3161timestamp",
    ];
    let pairs = names.iter().zip(texts);
    let annotations: BTreeMap<String, String> = pairs
        .map(|(name, text)| ((*name).to_owned(), text.to_owned()))
        .collect();
    let digest = Digest::of(b"image");
    for media_type in [
        "application/vnd.dev.cosign.simplesigning.v1+json",
        "application/vnd.dsse.envelope.v1+json",
        "application/vnd.dev.sigstore.bundle.v0.3+json",
    ] {
        let found = Found {
            media_type,
            annotations: &annotations,
            bytes,
        };
        let subject = Subject {
            digest: &digest,
            bytes: b"image",
        };
        for signer in SIGNERS.iter() {
            assert!(verify(&found, &subject, signer).is_err());
        }
    }
});
