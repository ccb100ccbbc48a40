//! Support dates of distributions, and of what official images hold.
//!
//! Two small tables are compiled in; an advisory database may bring a newer one of distributions.

use jiff::civil::Date;
use plimsoll_model::fact::OsRelease;
use plimsoll_model::lifecycle::Lifecycle;

/// A table of support dates.
#[derive(Debug, Clone, Default)]
pub struct Lifecycles(Vec<Lifecycle>);

const BUILT_IN: &str = include_str!("../data/distributions.tsv");
const IMAGES: &str = include_str!("../data/images.tsv");

impl Lifecycles {
    /// The table that is compiled into the program.
    #[must_use]
    pub fn built_in() -> Self {
        Self(rows(BUILT_IN).collect())
    }

    /// The tables that are compiled into the program, that of what official images hold with them: its rows are named
    /// as the images are.
    #[must_use]
    pub fn with_images() -> Self {
        Self(rows(BUILT_IN).chain(rows(IMAGES)).collect())
    }

    /// Every row.
    #[must_use]
    pub fn all(&self) -> &[Lifecycle] {
        &self.0
    }

    /// Takes the rows of a table of that date, where it is not older than the one that is compiled in.
    pub fn replace(&mut self, rows: impl IntoIterator<Item = Lifecycle>, date: Option<Date>) {
        let built_in = BUILT_IN.lines().find_map(|line| {
            let (_, date) = line.split_once(" as of ")?;
            date.get(..10)?.parse::<Date>().ok()
        });
        if date < built_in {
            return;
        }
        for row in rows {
            match self
                .0
                .iter_mut()
                .find(|old| old.id == row.id && old.cycle == row.cycle)
            {
                Some(old) => *old = row,
                None => self.0.push(row),
            }
        }
    }

    /// The dates of a release: the longest cycle that its version is or begins with, part by part.
    #[must_use]
    pub fn find(&self, release: &OsRelease) -> Option<&Lifecycle> {
        // CentOS Stream calls itself `centos`; its name alone tells.
        let stream = release
            .pretty
            .as_deref()
            .is_some_and(|name| name.contains("Stream"));
        let id = if release.id == "centos" && stream {
            "centos-stream"
        } else {
            &release.id
        };
        self.0
            .iter()
            .filter(|row| row.id == id && begins_with(&release.version, &row.cycle))
            .max_by_key(|row| row.cycle.len())
    }
}

fn rows(table: &str) -> impl Iterator<Item = Lifecycle> {
    let date = |text: &str| text.parse::<Date>().ok();
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(move |line| {
        let mut columns = line.split('\t');
        Some(Lifecycle {
            id: columns.next()?.to_owned(),
            cycle: columns.next()?.to_owned(),
            active: date(columns.next()?),
            security: date(columns.next()?),
            extended: date(columns.next()?),
        })
    })
}

fn begins_with(version: &str, cycle: &str) -> bool {
    version
        .strip_prefix(cycle)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_find_their_cycle() {
        let table = Lifecycles::built_in();
        for (id, version, cycle) in [
            ("debian", "12", Some("12")),
            ("alpine", "3.18.9", Some("3.18")),
            ("alpine", "3.2", Some("3.2")),
            ("rhel", "9.3", Some("9")),
            ("amzn", "2023", Some("2023")),
            ("amzn", "2", Some("2")),
            ("ubuntu", "22.04", Some("22.04")),
            ("debian", "", None),
            ("gentoo", "2.9", None),
        ] {
            let release = OsRelease {
                id: id.into(),
                version: version.into(),
                ..OsRelease::default()
            };
            assert_eq!(
                table.find(&release).map(|row| row.cycle.as_str()),
                cycle,
                "{id} {version}"
            );
        }
    }

    /// Every row is what endoflife.date publishes.
    #[test]
    fn the_table_agrees_with_its_source() {
        const PRODUCTS: &[(&str, &str)] = &[
            ("alpine", "alpine-linux"),
            ("amazoncorretto", "amazon-corretto"),
            ("golang", "go"),
            ("ibm-semeru-runtimes", "ibm-semeru-runtime"),
            ("mongo", "mongodb"),
            ("node", "nodejs"),
            ("postgres", "postgresql"),
            ("amzn", "amazon-linux"),
            ("ol", "oracle-linux"),
            ("opensuse-leap", "opensuse"),
            ("rocky", "rocky-linux"),
        ];
        let file = plimsoll_testkit::shared().join("feeds/endoflife/products-full.json");
        let text = std::fs::read(file).expect("the feed can be read");
        let feed: serde_json::Value = serde_json::from_slice(&text).expect("the feed is JSON");
        let products = feed["result"].as_array().expect("a list");
        let date = |value: &serde_json::Value| value.as_str().and_then(|text| text.parse().ok());
        for row in &Lifecycles::with_images().0 {
            let name = PRODUCTS
                .iter()
                .find(|(id, _)| *id == row.id)
                .map_or(row.id.as_str(), |(_, name)| name);
            let product = products
                .iter()
                .find(|product| product["name"] == name)
                .expect(name);
            let release = product["releases"]
                .as_array()
                .and_then(|all| {
                    all.iter().find(|r| {
                        r["name"]
                            .as_str()
                            .is_some_and(|n| n.to_lowercase() == row.cycle)
                    })
                })
                .unwrap_or_else(|| panic!("{name} has no {}", row.cycle));
            let dates = (row.active, row.security, row.extended);
            let published = (
                date(&release["eoasFrom"]),
                date(&release["eolFrom"]),
                date(&release["eoesFrom"]),
            );
            assert_eq!(dates, published, "{name} {}", row.cycle);
        }
    }

    #[test]
    fn a_newer_table_counts_and_an_older_one_does_not() {
        let row = |security: &str| Lifecycle {
            id: "debian".into(),
            cycle: "12".into(),
            active: None,
            security: security.parse().ok(),
            extended: None,
        };
        let release = OsRelease {
            id: "debian".into(),
            version: "12".into(),
            ..OsRelease::default()
        };
        let mut table = Lifecycles::built_in();
        let known = table.find(&release).and_then(|row| row.security);
        for date in [None, Some(jiff::civil::date(2020, 1, 1))] {
            table.replace([row("2099-01-01")], date);
            assert_eq!(table.find(&release).and_then(|row| row.security), known);
        }
        table.replace([row("2099-01-01")], Some(jiff::civil::date(2099, 1, 1)));
        assert_ne!(table.find(&release).and_then(|row| row.security), known);
    }

    /// The dates that peers have wrong.
    #[test]
    fn t38_known_dates_are_right() {
        let table = Lifecycles::built_in();
        let security = |id: &str, version: &str| {
            let release = OsRelease {
                id: id.into(),
                version: version.into(),
                ..OsRelease::default()
            };
            table
                .find(&release)
                .and_then(|row| row.security)
                .map(|date| date.to_string())
        };
        assert_eq!(security("centos", "7").as_deref(), Some("2024-06-30"));
        assert_eq!(security("debian", "11").as_deref(), Some("2024-08-14"));
        assert!(security("rhel", "7").is_some_and(|date| date.starts_with("2024")));
    }
}
