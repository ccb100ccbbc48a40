//! One line on standard error while long work goes on.

use std::io::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use plimsoll_assess::{Progress, Step};

/// Shows how far the layers are, once it has taken a while.
#[derive(Debug)]
pub(crate) struct Line {
    shown: bool,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    layers: usize,
    read: usize,
    bytes: u64,
    bytes_read: u64,
    drawn: bool,
}

/// Work that is done sooner needs no line.
const PATIENCE: Duration = Duration::from_millis(300);

impl Line {
    pub(crate) fn new(shown: bool) -> Self {
        Self {
            shown,
            started: Instant::now(),
            state: Mutex::new(State::default()),
        }
    }
}

impl Progress for Line {
    fn step(&self, step: Step) {
        let Ok(mut state) = self.state.lock() else {
            return;
        };
        match step {
            Step::Opened { unread, bytes, .. } => {
                state.layers = unread;
                state.bytes = bytes;
            }
            Step::LayerRead { bytes } => {
                state.read += 1;
                state.bytes_read += bytes;
            }
        }
        // A large first layer takes long, so the line is there from the beginning.
        let slow = self.started.elapsed() >= PATIENCE || state.bytes > 50_000_000;
        if self.shown && slow && state.layers > 0 {
            state.drawn = true;
            let _ = write!(
                std::io::stderr(),
                "\rreading layers: {}/{} ({} of {} MB)\u{1b}[K",
                state.read,
                state.layers,
                state.bytes_read / 1_000_000,
                state.bytes / 1_000_000
            );
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let drawn = self.state.get_mut().is_ok_and(|state| state.drawn);
        if drawn {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}
