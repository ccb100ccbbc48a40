//! Times the evaluation of ranges: 500 installed packages, 50 advisories each, in every scheme.

use std::hint::black_box;
use std::io::{self, Write};
use std::time::Instant;

use plimsoll_version::Scheme;
use plimsoll_version::range::{Event, Installed};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for scheme in Scheme::ALL {
        let (installed, fixed) = match scheme {
            Scheme::Deb => ("1:1.2.11.dfsg-2+deb11u1", "1:1.2.11.dfsg-2+deb11u2"),
            Scheme::Rpm => ("1:1.1.1k-6.el8_5", "1:1.1.1k-7.el8_6"),
            Scheme::Apk => ("1.1.1q-r0", "1.1.1t-r2"),
            Scheme::Maven => ("2.3.12.RELEASE", "2.4.0-beta-1"),
            Scheme::Pep440 => ("4.0a1", "4.0.1"),
            _ => ("4.17.20", "4.17.21"),
        };
        let installed = scheme.parse(installed).map_err(io::Error::other)?;
        let events = [Event::Introduced("1.0.0"), Event::Fixed(fixed)];
        // The best of five, since other work may share the machine.
        let best = (0..5)
            .map(|_| {
                let start = Instant::now();
                for _ in 0..500 {
                    let installed = Installed::new(black_box(&installed));
                    for _ in 0..50 {
                        black_box(installed.evaluate([black_box(events.as_slice())], []));
                    }
                }
                start.elapsed()
            })
            .min()
            .unwrap_or_default();
        writeln!(out, "{scheme:10}{:8.2} ms", best.as_secs_f64() * 1000.0)?;
    }
    Ok(())
}
