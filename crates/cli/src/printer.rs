//! Owns the two outputs: data to standard output, everything else to standard error.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use plimsoll_report::Colour;

use crate::exit::Exit;
use crate::settings::{Settings, Volume};

/// Writes data, and says what goes on.
#[derive(Debug)]
pub(crate) struct Printer {
    volume: Volume,
    colour_wanted: bool,
    width: usize,
}

impl Printer {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            volume: settings.volume,
            colour_wanted: settings.colour_wanted,
            width: settings.width,
        }
    }

    /// Where data go.
    #[allow(
        clippy::unused_self,
        reason = "there is one door to standard output, and this is it"
    )]
    pub(crate) fn data(&self) -> io::BufWriter<io::Stdout> {
        io::BufWriter::with_capacity(64 << 10, io::stdout())
    }

    /// How reports are to be written.
    pub(crate) fn report_settings(
        &self,
        language: plimsoll_model::text::Language,
    ) -> plimsoll_report::Settings {
        let colour = if self.colour_wanted && io::stdout().is_terminal() {
            Colour::On
        } else {
            Colour::Off
        };
        plimsoll_report::Settings {
            language,
            colour,
            width: self.width,
        }
    }

    /// Whether progress is to be shown.
    pub(crate) fn shows_progress(&self) -> bool {
        self.volume == Volume::Usual && io::stderr().is_terminal()
    }

    /// Says something to the person, unless it is to be quiet.
    pub(crate) fn say(&self, text: &str) {
        if self.volume == Volume::Usual {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }
}

/// Prints an error with its causes, and ends.
pub(crate) fn fail(error: &anyhow::Error, exit: Exit) -> ExitCode {
    let mut stderr = io::stderr();
    let mut text = format!("plimsoll: {error}");
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        // A cause that its error repeats is said once.
        if !text.ends_with(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    // What an image or a server says must not steer the terminal.
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    let _ = writeln!(stderr, "{text}");
    exit.into()
}

/// Whether the reader of our output went away, as `head` does.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    })
}
