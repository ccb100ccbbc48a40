//! Which image is run.

mod image_without_digest;
mod latest_image;

use std::borrow::Cow;

use crate::manifest::{Container, Manifest};
use crate::yaml::NodeId;

use super::Rule;

/// The rules on which image is run.
pub static RULES: &[&Rule] = &[&image_without_digest::RULE, &latest_image::RULE];

/// The image that a container pulls, and where its name stands. Nothing where it is built here, or hangs on
/// variables.
fn pulled<'m>(manifest: &'m Manifest<'_>, container: &Container) -> Option<(Cow<'m, str>, NodeId)> {
    let setting = manifest.setting(container, &["image"])?;
    if manifest.setting(container, &["build"]).is_some() {
        return None;
    }
    let text = manifest.known(container.world, setting.value)?;
    Some((text, setting.value))
}
