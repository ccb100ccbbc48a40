//! Debian's `docker-registry`, filled by `skopeo`.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use plimsoll_image::ImageError;
use plimsoll_image::sources::{RegistrySource, Sought};
use plimsoll_model::Digest;
use plimsoll_net::{Network, Roots, Secret};
use plimsoll_testkit::background::{find, run};
use plimsoll_testkit::image::{Image as Tiny, Layer, descriptor, docker, oci};
use plimsoll_testkit::registry::{Guard, RealRegistry};
use serde_json::json;

use super::{access, client_with, open, open_with, tiny, walk, whole};

struct Real(RealRegistry);

impl Real {
    fn start(guard: Guard) -> Self {
        Self(RealRegistry::start(guard))
    }

    fn name(&self, rest: &str) -> String {
        self.0.name(rest)
    }

    /// Copies an image into the registry.
    fn fill(&self, from: &str, rest: &str, arguments: &[&str]) {
        run(Command::new(find("skopeo", "skopeo"))
            .args([
                "copy",
                "--quiet",
                "--insecure-policy",
                "--dest-tls-verify=false",
            ])
            .args(arguments)
            .arg(from)
            .arg(format!("docker://{}", self.name(rest))));
    }

    /// Packs an image for `skopeo`.
    fn archive(&self, file: &str, image: &Tiny) -> String {
        let path = self.0.folder().join(file);
        std::fs::write(&path, docker(std::slice::from_ref(image)).tar()).unwrap();
        format!("docker-archive:{}", path.display())
    }

    fn layout(&self, folder: &str, image: &Tiny) -> String {
        let path = self.0.folder().join(folder);
        oci(std::slice::from_ref(image)).write(&path);
        format!("oci:{}", path.display())
    }
}

/// Stores a manifest, which `skopeo` cannot do by itself.
fn put(port: u16, path: &str, media_type: &str, body: &str) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {media_type}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[test]
fn images_of_both_kinds_and_indexes_are_read() {
    let real = Real::start(Guard::Nothing);
    real.fill(&real.archive("app.tar", &tiny()), "test/app:docker", &[]);
    real.fill(&real.layout("app", &tiny()), "test/app:oci", &[]);
    for tag in ["docker", "oci"] {
        let image = open(&real.name(&format!("test/app:{tag}"))).unwrap();
        assert_eq!(
            walk(&image).unwrap(),
            ["etc/os-release", "srv/noise"],
            "{tag}"
        );
        assert!(
            image
                .layers
                .iter()
                .all(|layer| layer.info.compressed_size.is_some())
        );
    }
    let image = open(&real.name("test/app:oci")).unwrap();
    assert_eq!(
        image.subject.manifest_digest,
        Some(Digest::of(&tiny().manifest_bytes()))
    );

    let error = open(&real.name("test/app:none")).unwrap_err();
    assert!(matches!(error, ImageError::NotFound { .. }), "{error:?}");
    let error = open(&real.name("test/none:1")).unwrap_err();
    assert!(matches!(error, ImageError::NotFound { .. }), "{error:?}");

    let parts = ["linux/amd64", "linux/arm64"].map(|platform| {
        let text = format!("etc/platform = \"{platform}\"");
        Tiny::new("x:1").platform(platform).layer(Layer::new(&text))
    });
    let mut manifests = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        real.fill(
            &real.layout(&format!("part-{number}"), part),
            &format!("test/app:part-{number}"),
            &[],
        );
        let mut entry = descriptor(
            "application/vnd.oci.image.manifest.v1+json",
            &part.manifest_bytes(),
        );
        entry["platform"] = part.platform_json();
        manifests.push(entry);
    }
    let media_type = "application/vnd.oci.image.index.v1+json";
    let index =
        json!({"schemaVersion": 2, "mediaType": media_type, "manifests": manifests}).to_string();
    put(
        real.0.port(),
        "/v2/test/app/manifests/multi",
        media_type,
        &index,
    );
    let image = open_with(&real.name("test/app:multi"), access(&[]), "linux/arm64").unwrap();
    assert_eq!(image.subject.platform.to_string(), "linux/arm64");
    assert_eq!(
        image.subject.index_digest,
        Some(Digest::of(index.as_bytes()))
    );
    assert_eq!(walk(&image).unwrap(), ["etc/platform"]);
}

#[test]
fn a_user_name_and_a_password_open_the_door() {
    let real = Real::start(Guard::Password);
    real.fill(
        &real.archive("app.tar", &tiny()),
        "test/app:1",
        &["--dest-creds", "me:s3cret pass"],
    );
    let name = real.name("test/app:1");
    let with = |password: &str| {
        let mut access = access(&[]);
        access.credentials.given = Some(("me".into(), Secret::new(password)));
        open_with(&name, access, "linux/amd64")
    };
    assert_eq!(walk(&with("s3cret pass").unwrap()).unwrap().len(), 2);
    assert!(matches!(
        with("wrong"),
        Err(ImageError::Unauthorised { .. })
    ));
    assert!(matches!(open(&name), Err(ImageError::Unauthorised { .. })));
}

#[test]
fn a_certificate_is_believed_where_its_issuer_is_trusted() {
    let real = Real::start(Guard::Tls);
    real.fill(&real.archive("app.tar", &tiny()), "test/app:1", &[]);
    let name = real.name("test/app:1");
    let with = |roots| {
        let mut access = access(&[]);
        access.client = client_with(Network::Online, roots);
        open_with(&name, access, "linux/amd64")
    };
    let image = with(Roots::Files(vec![real.0.folder().join("cert.pem")])).unwrap();
    assert_eq!(walk(&image).unwrap().len(), 2);
    let error = with(Roots::Bundled).unwrap_err();
    assert!(matches!(error, ImageError::Unreachable { .. }), "{error:?}");
    assert!(
        whole(&error).contains("no trusted connection"),
        "{}",
        whole(&error)
    );
}

/// Stores a blob, in the two steps that every registry knows.
fn push(port: u16, repository: &str, bytes: &[u8]) -> serde_json::Value {
    let ask = |head: String, body: &[u8]| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{head} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/octet-stream\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let answer = ask(format!("POST /v2/{repository}/blobs/uploads/"), b"");
    let place = answer
        .lines()
        .find_map(|line| line.strip_prefix("Location: "))
        .unwrap_or_else(|| panic!("{answer}"));
    let (_, place) = place.trim().split_once(&format!(":{port}")).unwrap();
    let digest = Digest::of(bytes);
    let separator = if place.contains('?') { '&' } else { '?' };
    let answer = ask(format!("PUT {place}{separator}digest={digest}"), bytes);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    json!({"mediaType": "application/octet-stream", "digest": digest, "size": bytes.len()})
}

/// Every custom at once; a statement about something else is left where it is.
#[test]
fn bills_of_materials_beside_an_image_are_found() {
    const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    const INDEX: &str = "application/vnd.oci.image.index.v1+json";
    let real = Real::start(Guard::Nothing);
    real.fill(&real.layout("app", &tiny()), "test/app:1", &[]);
    let image = Digest::of(&tiny().manifest_bytes());
    let config = push(real.0.port(), "test/app", b"{}");
    let layer = |text: &str, media_type: &str, predicate: Option<&str>| {
        let mut entry = push(real.0.port(), "test/app", text.as_bytes());
        entry["mediaType"] = json!(media_type);
        if let Some(predicate) = predicate {
            entry["annotations"] = json!({"in-toto.io/predicate-type": predicate});
        }
        entry
    };
    let manifest = |layers: &[serde_json::Value]| {
        json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers})
            .to_string()
    };
    let store = |name: &str, media_type: &str, text: &str| {
        put(
            real.0.port(),
            &format!("/v2/test/app/manifests/{name}"),
            media_type,
            text,
        );
        descriptor(media_type, text.as_bytes())
    };
    let in_toto = "application/vnd.in-toto+json";
    let buildkit = manifest(&[
        layer(
            "provenance",
            in_toto,
            Some("https://slsa.dev/provenance/v0.2"),
        ),
        layer("buildkit", in_toto, Some("https://spdx.dev/Document")),
    ]);
    let digest = Digest::of(buildkit.as_bytes());
    let mut attestation = store(digest.as_str(), MANIFEST, &buildkit);
    attestation["platform"] = json!({"os": "unknown", "architecture": "unknown"});
    attestation["annotations"] = json!({
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": image,
    });
    let mut own = descriptor(MANIFEST, &tiny().manifest_bytes());
    own["platform"] = tiny().platform_json();
    let index = |list: &[serde_json::Value]| {
        json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": list}).to_string()
    };
    store("multi", INDEX, &index(&[own, attestation]));
    let bill = "application/vnd.cyclonedx+json";
    let referrer = manifest(&[layer("referrer", bill, None)]);
    let mut listed = store(
        Digest::of(referrer.as_bytes()).as_str(),
        MANIFEST,
        &referrer,
    );
    listed["artifactType"] = json!(bill);
    let tag = image.as_str().replace(':', "-");
    store(&tag, INDEX, &index(&[listed]));
    let dsse = "application/vnd.dsse.envelope.v1+json";
    let cosign = manifest(&[layer("cosign", dsse, None)]);
    store(&format!("{tag}.att"), MANIFEST, &cosign);
    let plain = manifest(&[layer("plain", "text/spdx+json", None)]);
    store(&format!("{tag}.sbom"), MANIFEST, &plain);

    let found = |name: &str| {
        let name = real.name(name);
        let image = open(&name).unwrap();
        let source = RegistrySource::new(&name, name.parse().unwrap(), access(&[]));
        let (found, problems) = source.attached(&image.subject, Sought::Bills).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        let texts = found.into_iter().map(|one| one.bytes);
        texts.collect::<Vec<Vec<u8>>>()
    };
    let all: [&[u8]; 4] = [b"buildkit", b"referrer", b"cosign", b"plain"];
    assert_eq!(found("test/app:multi"), all);
    // A single manifest has no index beside it.
    assert_eq!(found("test/app:1"), all[1..]);
}
