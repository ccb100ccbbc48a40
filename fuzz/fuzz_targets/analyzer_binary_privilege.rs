//! The reader of rights never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyze::{Analyzer, File, Rights, Sink};
use plimsoll_analyzers::binary::Privilege;
use plimsoll_model::ImagePath;

fuzz_target!(|data: &[u8]| {
    let path = ImagePath::new("bin/x");
    let (mut facts, mut problems) = (Vec::new(), Vec::new());
    let rights = Rights {
        capability: Some(data),
        ..Rights::default()
    };
    let mut file = File::head(&path, 0o6755, 0, &[]).with_rights(rights);
    let mut sink = Sink::new(&path, Privilege.meta(), &mut facts, &mut problems);
    Privilege.analyze(&mut file, &mut sink);
});
