//! Where the pages of packages are: packages are sorted, so it is enough to know the first of each page. These are
//! in blocks of their own, of which the meta block in turn has the first of each.

use serde::{Deserialize, Serialize};

use super::bytes::{Cursor, put_number, put_text};
use super::file::BlockWriter;

/// Pages of which one block tells.
const PAGES: usize = 128;

/// The first packages of blocks that have the first packages of pages, sorted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Names {
    blocks: Vec<First>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct First {
    ecosystem: String,
    name: String,
    /// Offset of the block.
    offset: u64,
}

impl Names {
    /// Writes the first package, as ecosystem and name, and the offset of each page, in order.
    pub(super) fn write(pages: &[(&str, &str, u64)], out: &mut BlockWriter) -> Option<Self> {
        let mut blocks = Vec::new();
        for some in pages.chunks(PAGES) {
            let mut payload = Vec::new();
            for (ecosystem, name, offset) in some {
                put_text(&mut payload, ecosystem);
                put_text(&mut payload, name);
                put_number(&mut payload, *offset);
            }
            let (ecosystem, name, _) = some.first()?;
            blocks.push(First {
                ecosystem: (*ecosystem).to_owned(),
                name: (*name).to_owned(),
                offset: out.block(&payload)?,
            });
        }
        Some(Self { blocks })
    }

    /// Offset of the block that tells of the page where a package would be; `None` if it is before all of them.
    pub(super) fn block(&self, package: (&str, &str)) -> Option<u64> {
        let after = self
            .blocks
            .partition_point(|first| (first.ecosystem.as_str(), first.name.as_str()) <= package);
        self.blocks.get(after.checked_sub(1)?).map(|at| at.offset)
    }

    /// Offset of that page, from the payload of that block. The outer `None` stands for bytes that end or lie, the
    /// inner one for a package before all pages.
    #[expect(clippy::option_option, reason = "missing and wrong are different")]
    pub(super) fn page(payload: &[u8], package: (&str, &str)) -> Option<Option<u64>> {
        let mut cursor = Cursor::new(payload);
        let mut last = None;
        let package = (package.0.as_bytes(), package.1.as_bytes());
        while !cursor.is_empty() {
            let first = (cursor.text_bytes()?, cursor.text_bytes()?);
            let offset = cursor.number()?;
            if first > package {
                break;
            }
            last = Some(offset);
        }
        Some(last)
    }
}
