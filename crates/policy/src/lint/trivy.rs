//! `.trivyignore` and `.trivyignore.yaml` (Trivy's documentation, "Filtering"), of which misconfigurations are the
//! linter's. Trivy compares the ids here as they are written, `DS-0001`, `AVD-DS-0001` or `DS001`, in capitals.

use jiff::Timestamp;

use super::{LintConfig, OfPath, ReadLintConfigError, error};
use crate::ignore::{glob, trivyignore, trivyignore_yaml};
use crate::statement::Flaws;
use plimsoll_model::Text;

pub(super) fn read(
    name: &str,
    text: &str,
    now: Timestamp,
) -> Result<LintConfig, ReadLintConfigError> {
    let read = trivyignore::read(name, text).map_err(|reason| error(name, &reason.reason))?;
    let mut out = LintConfig::default();
    for row in read.rows {
        let Flaws::Shown(id) = row.flaws else {
            continue;
        };
        if is_id(&id) && row.ends.is_none_or(|end| now < end) {
            out.ignore(&id, name);
        }
    }
    for note in read.notes {
        out.note(name, Text::verbatim(note.reason));
    }
    Ok(out)
}

pub(super) fn read_yaml(
    name: &str,
    text: &str,
    now: Timestamp,
) -> Result<LintConfig, ReadLintConfigError> {
    let rows = trivyignore_yaml::misconfigurations(name, text)
        .map_err(|reason| error(name, &reason.reason))?;
    let mut out = LintConfig::default();
    for row in rows.into_iter().filter(|row| is_id(&row.id)) {
        match row.end() {
            Err(date) => {
                let id = &row.id;
                out.note(
                    name,
                    Text::new(
                        format!("`{date}` of `{id}` is no date, so that the rule does not count"),
                        format!("`{id}` 的 `{date}` 不是日期,该条不生效"),
                    ),
                );
                continue;
            }
            Ok(Some(end)) if end <= now => continue,
            Ok(_) => {}
        }
        if row.paths().is_empty() {
            out.ignore(&row.id, name);
        } else {
            let globs = row.paths().iter().filter_map(|path| glob(path)).collect();
            out.of_paths.push(OfPath {
                globs,
                rule: row.id.clone(),
                by: name.to_owned(),
            });
        }
    }
    Ok(out)
}

/// Whether it is an id of a rule on files; those of flaws are for images.
fn is_id(id: &str) -> bool {
    let bare = id.strip_prefix("AVD-").unwrap_or(id);
    ["DS", "KSV"].iter().any(|family| {
        let number = bare.strip_prefix(family).unwrap_or_default();
        let number = number.strip_prefix('-').unwrap_or(number);
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
