//! `WordPress` plugins: the comment at the head of a file in `wp-content/plugins/<plugin>/`.
//!
//! Source: `WordPress` Plugin Handbook, "Header Requirements", and its `get_file_data`: `Plugin Name: …` and
//! `Version: …` within the first 8 KB. A plugin is named by its folder, which is its name in the directory of
//! plugins and in advisories; the header's name is for people. The other files of a plugin have no such
//! comment.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::text;

/// `WordPress` plugins.
#[derive(Debug)]
pub struct Wordpress;

static META: Meta = Meta {
    id: "lang/wordpress",
    revision: 1,
    docs: "Reads the header of `WordPress` plugins: version, author and licence.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[("**/wp-content/plugins/", ".php")],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Note,
};

/// How far `WordPress` looks for the header.
const HEAD: usize = 8 << 10;

impl Analyzer for Wordpress {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(slug) = slug(file.path.as_str()) else {
            return;
        };
        let Some(bytes) = document::bytes(file, sink) else {
            return;
        };
        let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes));
        if header(&head, "Plugin Name").is_none() {
            return;
        }
        let mut list = Listing::new(Ecosystem::Wordpress, EvidenceKind::Installed);
        let version = header(&head, "Version").unwrap_or_default();
        list.add_with(slug, version, |package| {
            let license = header(&head, "License").and_then(text::statement);
            package.licenses.extend(license);
            package.maker = header(&head, "Author").and_then(text::statement);
        });
        list.state(sink);
    }
}

/// The folder of the plugin, for files right in it.
fn slug(path: &str) -> Option<&str> {
    let (before, below) = path.rsplit_once("wp-content/plugins/")?;
    let (slug, file) = below.split_once('/')?;
    let whole = before.is_empty() || before.ends_with('/');
    (whole && !file.contains('/')).then_some(slug)
}

/// The value of a header at the start of a line, after comment signs.
fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("<?php").unwrap_or(line);
        let line = line.trim_start_matches([' ', '\t', '/', '*', '#', '@']);
        let start = line.get(..wanted.len())?;
        let value = line.get(wanted.len()..)?.strip_prefix(':')?;
        let value = value.trim().trim_end_matches("*/").trim_end_matches("?>");
        (start.eq_ignore_ascii_case(wanted) && !value.trim().is_empty()).then_some(value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_behind_comment_signs() {
        let head = "<?php\n/**\n * Plugin Name: Akismet */\n * version:5.3\n * Author:\n */";
        assert_eq!(header(head, "Plugin Name"), Some("Akismet"));
        assert_eq!(header(head, "Version"), Some("5.3"));
        assert_eq!(header(head, "Author"), None);
    }

    #[test]
    fn only_files_right_in_the_folder_count() {
        assert_eq!(
            slug("var/www/html/wp-content/plugins/akismet/akismet.php"),
            Some("akismet")
        );
        assert_eq!(slug("wp-content/plugins/akismet/views/a.php"), None);
        assert_eq!(slug("wp-content/plugins/hello.php"), None);
        assert_eq!(slug("my-wp-content/plugins/a/b.php"), None);
    }
}
