//! `plimsoll inspect`: configuration, layers, platforms, sizes and history, without a daemon.

use std::io::Write;

use anyhow::Result;

use crate::exit::Exit;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::{ImageArgs, opened};

/// Show configuration, layers, platforms and history of an image; no layer is read.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    image: ImageArgs,
    /// How to write it: text or json.
    #[arg(short, long, default_value = "text")]
    format: String,
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    let image = opened(&args.image, settings)?;
    let mut out = printer.data();
    let layers: Vec<_> = image.layers.iter().map(|layer| &layer.info).collect();
    let value = serde_json::json!({"image": image.subject, "config": image.config, "layers": layers, "problems": image.problems});
    serde_json::to_writer_pretty(&mut out, &value)?;
    writeln!(out)?;
    out.flush()?;
    Ok(Exit::Fine)
}
