//! Packages of PEAR and PECL: `.registry/*.reg`.
//!
//! The PEAR installer keeps a file for each package, in `.registry/` those of the channel `pear.php.net` and in
//! `.registry/.channel.<channel>/` those of others, such as PECL's extensions. Each is an array as PHP's
//! `serialize` writes it: `package.xml` 2.0 with `name`, `channel`, `version.release`, `license`, and for the
//! old format `package` and `version`.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};

use super::text;

mod serialized;
use serialized::Value;

/// Packages of PEAR and PECL.
#[derive(Debug)]
pub struct Pear;

static META: Meta = Meta {
    id: "lang/pear",
    revision: 1,
    docs: "Reads the registry of the PEAR installer (`.registry/*.reg`): packages of PEAR and extensions of PECL \
           with channel, version, licence and the names of what they need.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[("**/.registry/", ".reg")],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

/// The channel of what lies directly in the registry.
const PEAR: &str = "pear.php.net";

impl Analyzer for Pear {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(channel) = channel(file.path.as_str()) else {
            return;
        };
        let Some(bytes) = file.bytes() else {
            return sink.unreadable("the record is not in memory");
        };
        let record = match serialized::parse(bytes) {
            Ok(record) => record,
            Err(error) => {
                return sink.unreadable(format!("the record cannot be read: {error}"));
            }
        };
        match package(&record, channel) {
            Some(package) => sink.package(package),
            None => sink.unreadable("the record says no name and version"),
        }
    }
}

/// The channel that the place of a record says; `None` if it is in no registry.
fn channel(path: &str) -> Option<&str> {
    let (folder, _) = path.rsplit_once('/')?;
    let (above, last) = folder.rsplit_once('/').unwrap_or(("", folder));
    if last == ".registry" {
        return Some(PEAR);
    }
    let channel = last.strip_prefix(".channel.")?;
    (above == ".registry" || above.ends_with("/.registry")).then_some(channel)
}

fn package(record: &Value<'_>, channel: &str) -> Option<PackageFact> {
    let name = record
        .at("name")
        .or_else(|| record.at("package"))
        .and_then(Value::text)?;
    let version = record.at("version")?;
    let version = version.at("release").unwrap_or(version).text()?;
    let channel = record
        .at("channel")
        .and_then(Value::text)
        .unwrap_or_else(|| channel.to_owned());
    if ![&name, &version, &channel]
        .iter()
        .all(|word| text::is_word(word) && !word.contains('/'))
    {
        return None;
    }
    let mut package = PackageFact::new(Ecosystem::Pear, format!("{channel}/{name}"), version);
    let license = record.at("license");
    let license = license.and_then(|license| license.at("_content").unwrap_or(license).text());
    text::add(
        &mut package.licenses,
        license.as_deref().and_then(text::statement),
    );
    let lead = record.at("lead");
    let lead = lead.map(|lead| {
        lead.first()
            .filter(|first| first.at("name").is_some())
            .unwrap_or(lead)
    });
    package.maker = lead
        .and_then(|lead| lead.at("name")?.text())
        .as_deref()
        .and_then(text::statement);
    package.depends = depends(record);
    Some(package)
}

/// Packages that the record says are required, `channel/name`.
fn depends(record: &Value<'_>) -> Vec<String> {
    let required = record
        .at("dependencies")
        .and_then(|needs| needs.at("required")?.at("package"));
    let Some(required) = required else {
        return Vec::new();
    };
    // One dependency stands alone, several in a list.
    let list: Vec<&Value<'_>> = if required.at("name").is_some() {
        vec![required]
    } else {
        required.values().collect()
    };
    let mut names: Vec<String> = list
        .into_iter()
        .filter_map(|need| {
            let name = need.at("name")?.text()?;
            let channel = need.at("channel").and_then(Value::text);
            let channel = channel.unwrap_or_else(|| PEAR.to_owned());
            (text::is_word(&name) && text::is_word(&channel)).then(|| format!("{channel}/{name}"))
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_record_says_its_channel() {
        for (path, expected) in [
            ("usr/share/php/.registry/archive_tar.reg", Some(PEAR)),
            (
                "usr/local/lib/php/.registry/.channel.pecl.php.net/redis.reg",
                Some("pecl.php.net"),
            ),
            ("usr/local/lib/php/.channels/pecl.php.net.reg", None),
            ("windows/settings.reg", None),
            ("a/.channel.x/y.reg", None),
        ] {
            assert_eq!(channel(path), expected, "{path}");
        }
    }
}
