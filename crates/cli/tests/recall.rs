//! Why Syft or Trivy list packages that Plimsoll does not list: each explanation on the fewest files that show
//! it. `cargo xtask recall` measures the same on large images of real packages.

use std::collections::BTreeMap;

use plimsoll_testkit::image::{Compression, Image, Layer, docker};
use plimsoll_testkit::peers::Peer;
use plimsoll_testkit::program::Program;
use plimsoll_testkit::recall::{EXPLANATIONS, Ours, Recall};

#[test]
fn what_only_the_peers_list_is_explained_and_no_explanation_is_dead() {
    let mut files: BTreeMap<&str, (u32, Vec<u8>)> = BTreeMap::new();
    for (path, mode, content) in EXPLANATIONS.iter().flat_map(|row| (row.shown_by)()) {
        let known = files.insert(path, (mode, content.clone()));
        assert!(known.is_none_or(|known| known == (mode, content)), "{path}");
    }
    files.insert(
        "etc/os-release",
        (0o644, b"ID=debian\nVERSION_ID=12\n".to_vec()),
    );
    let files: Vec<(&str, u32, &[u8])> = files
        .iter()
        .map(|(path, (mode, content))| (*path, *mode, content.as_slice()))
        .collect();
    let layer = Layer::of_files(&files).stored(Compression::None);
    let image = Image::new("test/explanations:1").layer(layer);
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let archive = program.file("image.tar", docker(&[image]).tar());
    let path = archive.to_str().expect("temporary paths are UTF-8");
    let run = program.run(["scan", path, "-f", "json"]);
    let ours = Ours::read(&run.json());
    let lists = Peer::ALL.map(|peer| (peer, peer.lists(&archive)));
    let recall = Recall::of(&ours, &lists);
    assert!(recall.unexplained.is_empty(), "{:#?}", recall.unexplained);
    let dead: Vec<&str> = EXPLANATIONS
        .iter()
        .enumerate()
        .filter(|(place, _)| !recall.used.contains(place))
        .map(|(_, row)| row.why)
        .collect();
    assert!(dead.is_empty(), "{dead:#?}\n{lists:#?}");
}
