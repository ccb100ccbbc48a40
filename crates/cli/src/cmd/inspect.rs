//! `plimsoll inspect`: configuration, layers, platforms, sizes and history, without a daemon.

use std::io::Write;

use anyhow::Result;
use plimsoll_model::Effect;
use plimsoll_model::image::ImageConfig;
use plimsoll_report::{Inspect, InspectFormat, write_inspect};

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::{ImageArgs, facts, opened};

/// Show configuration, layers, platforms and history of an image; no layer is read unless coverage is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    image: ImageArgs,
    /// How to write it: text or json.
    #[arg(short, long, default_value = "text")]
    format: String,
    /// Read the layers, and say how much of the image can be understood.
    #[arg(long)]
    coverage: bool,
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    let format = match args.format.as_str() {
        "text" => InspectFormat::Text,
        "json" => InspectFormat::Json,
        other => {
            return Err(
                UsageError(format!("`{other}` is not a format; there are text, json")).into(),
            );
        }
    };
    let mut image = opened(&args.image, settings)?;
    redact(&mut image.config);
    for text in image.subject.annotations.values_mut() {
        *text = plimsoll_secrets::redact(text);
    }
    let layers: Vec<_> = image
        .layers
        .iter()
        .map(|layer| layer.info.clone())
        .collect();
    let facts = args
        .coverage
        .then(|| facts(&args.image, settings, printer))
        .transpose()?;
    let view = Inspect {
        subject: &image.subject,
        config: &image.config,
        layers: &layers,
        facts: facts.as_ref(),
    };
    let mut out = printer.data();
    write_inspect(
        &view,
        format,
        &printer.report_settings(settings.language),
        &mut out,
    )?;
    out.flush()?;
    for problem in image
        .problems
        .iter()
        .filter(|problem| problem.effect != Effect::Note)
    {
        printer.say(&format!(
            "plimsoll: {}: {}",
            problem.subject, problem.reason
        ));
    }
    Ok(Exit::Fine)
}

/// Takes secrets out of everything that is shown.
fn redact(config: &mut ImageConfig) {
    let run = &mut config.config;
    let steps = config.history.iter_mut().flat_map(|step| {
        let optional = step.author.iter_mut().chain(&mut step.comment);
        optional.chain([&mut step.created_by])
    });
    let health = run.healthcheck.iter_mut().flat_map(|check| &mut check.test);
    let lists = [
        &mut run.env,
        &mut run.entrypoint,
        &mut run.cmd,
        &mut run.on_build,
    ];
    let texts = lists
        .into_iter()
        .flatten()
        .chain(health)
        .chain(run.labels.values_mut());
    for text in texts
        .chain(steps)
        .chain(&mut config.author)
        .chain(&mut run.shell)
    {
        *text = plimsoll_secrets::redact(text);
    }
}
