//! Facts for the checks' own tests.

use std::collections::BTreeMap;

use plimsoll_model::Ecosystem;
use plimsoll_model::fact::{Account, PackageFact};
use plimsoll_model::facts::{Coverage, ImageFacts, Location, Package, Presence};
use plimsoll_model::image::{ImageConfig, LayerInfo, Platform, SourceKind, Subject};
use plimsoll_model::reach::Reach;

use crate::lifecycle::Lifecycles;
use crate::{Check, Context, Outcome};

/// An image from a registry of which nothing is known.
pub(crate) fn facts() -> ImageFacts {
    let platform = Platform {
        os: "linux".to_owned(),
        architecture: "amd64".to_owned(),
        variant: None,
        os_version: None,
    };
    ImageFacts {
        subject: Subject {
            requested: "registry:r.example/app:1.2.3".to_owned(),
            source: SourceKind::Registry,
            repository: Some("r.example/app".to_owned()),
            tag: Some("1.2.3".to_owned()),
            pinned: None,
            manifest_digest: None,
            index_digest: None,
            image_id: None,
            platform: platform.clone(),
            platforms: vec![platform],
            annotations: BTreeMap::new(),
        },
        config: ImageConfig::default(),
        layers: Vec::new(),
        os: None,
        content_sets: Vec::new(),
        packages: Vec::new(),
        accounts: Vec::new(),
        secrets: Vec::new(),
        executables: Vec::new(),
        posture: plimsoll_model::posture::Posture::default(),
        reach: Reach::default(),
        coverage: Coverage::default(),
        problems: Vec::new(),
    }
}

/// An installed package of Debian.
pub(crate) fn package(name: &str) -> Package {
    Package {
        fact: PackageFact::new(Ecosystem::Deb, name, "1"),
        locations: vec![location("var/lib/dpkg/status")],
        analyzer: "os/dpkg".to_owned(),
        owner: None,
        repository: None,
        presence: Presence::Visible,
        purl: format!("pkg:deb/debian/{name}@1"),
    }
}

/// An account without anything but a name and a number.
pub(crate) fn account(name: &str, uid: u32) -> Account {
    Account {
        name: name.to_owned(),
        uid,
        gid: 0,
        home: String::new(),
        shell: String::new(),
    }
}

/// A layer of which nothing is known.
pub(crate) fn layer() -> LayerInfo {
    LayerInfo {
        digest: None,
        diff_id: None,
        compressed_size: None,
        size: None,
        media_type: String::new(),
        entries: 0,
        created_by: None,
    }
}

/// A file of the lowest layer.
pub(crate) fn location(path: &str) -> Location {
    Location {
        path: path.into(),
        layer: 0,
        introduced: 0,
    }
}

/// Runs a check on 2026-11-22.
pub(crate) fn run(check: &dyn Check, facts: &ImageFacts) -> Outcome {
    let context = Context {
        now: "2026-11-22T00:00:00Z".parse().expect("the date is one"),
        lifecycles: &Lifecycles::built_in(),
    };
    check.run(facts, &context)
}
