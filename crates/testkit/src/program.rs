//! Runs the real program, alone with its arguments: no environment but what is said, a cache of its own, and a
//! time after which it is ended.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{Read, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long any run may take. Far above what one takes, so that only what hangs is ended.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program, with a home folder and a cache that nobody else uses.
#[derive(Debug)]
pub struct Program {
    binary: PathBuf,
    home: TempDir,
}

/// How a run ended.
#[derive(Clone, PartialEq, Eq)]
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// What it wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl Program {
    /// The program at this path.
    ///
    /// # Panics
    /// If no temporary folder can be made.
    #[must_use]
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        Self {
            binary: binary.into(),
            home: TempDir::new().expect("a temporary folder can be made"),
        }
    }

    /// Where it keeps what it remembers.
    #[must_use]
    pub fn cache(&self) -> PathBuf {
        self.home.path().join(".cache/plimsoll")
    }

    /// A folder for the files of a test, empty at first, gone at the end.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file into [`Program::folder`].
    ///
    /// # Panics
    /// If it cannot be written.
    #[must_use]
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, bytes).expect("the file can be written");
        path
    }

    /// Runs it with these arguments and no input.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        self.run_with(args, &[], b"")
    }

    /// Runs it with arguments, environment variables and input.
    ///
    /// # Panics
    /// If it cannot be started, is still running after a minute, or is ended by a signal (which is how a crash
    /// looks), and if it says that it panicked.
    pub fn run_with<S: AsRef<OsStr>>(
        &self,
        args: impl IntoIterator<Item = S>,
        environment: &[(&str, &str)],
        input: &[u8],
    ) -> Run {
        let mut command = self.command();
        command.args(args).envs(environment.iter().copied());
        let what = format!("{command:?}");
        let mut child = command.spawn().expect("the program can be started");
        let mut stdin = child.stdin.take().expect("the input is a pipe");
        let input = input.to_vec();
        // It may end without reading all of it.
        let writer = thread::spawn(move || drop(stdin.write_all(&input)));
        let stdout = collect(child.stdout.take().expect("the output is a pipe"));
        let stderr = collect(child.stderr.take().expect("the output is a pipe"));
        let code = ended(&mut child, &what);
        writer.join().expect("the writer ends");
        let run = Run {
            code,
            stdout: stdout.join().expect("the reader ends"),
            stderr: String::from_utf8_lossy(&stderr.join().expect("the reader ends")).into_owned(),
        };
        assert!(!run.stderr.contains("panicked"), "{what}\n{}", run.stderr);
        run
    }

    /// Runs it while a folder is on a disk of its own that has room for this many KiB more than what is in it; what is
    /// left in the folder can be looked at afterwards.
    ///
    /// The disk is a `tmpfs` that only the program sees, in a mount namespace of `unshare` (util-linux).
    ///
    /// # Panics
    /// If such a disk cannot be made, and as [`Program::run_with`].
    pub fn run_on_small_disk<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        free: u64,
        args: impl IntoIterator<Item = S>,
    ) -> Run {
        let script = "set -eu
            folder=$1; free=$2; kept=$3; shift 3
            mkdir -p \"$folder\"
            cp -a \"$folder/.\" \"$kept\"
            mount -t tmpfs -o size=1g none \"$folder\"
            cp -a \"$kept/.\" \"$folder\"
            used=$(df -k --output=used \"$folder\" | tail -n 1)
            mount -o remount,size=$((used + free))k \"$folder\"
            code=0
            \"$@\" || code=$?
            find \"$kept\" -mindepth 1 -delete
            cp -a \"$folder/.\" \"$kept\"
            umount \"$folder\"
            find \"$folder\" -mindepth 1 -delete
            cp -a \"$kept/.\" \"$folder\"
            exit $code";
        let kept = TempDir::new().expect("a temporary folder can be made");
        let program = self.command();
        let mut command = Command::new("unshare");
        // Root may mount by itself, and some systems keep namespaces of users from it.
        let is_root = fs::metadata("/proc/self").is_ok_and(|itself| itself.uid() == 0);
        command
            .args((!is_root).then_some("--map-root-user"))
            .args(["--mount", "sh", "-c", script, "sh"])
            .arg(folder)
            .arg(free.to_string())
            .arg(kept.path())
            .arg(&self.binary)
            .args(args)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .current_dir(self.home.path())
            .stdin(Stdio::null());
        for (name, value) in program.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        let output = command.output().expect("`unshare` can be started");
        let run = Run {
            code: output.status.code().expect("no signal ends it"),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        assert!(!run.stderr.contains("unshare:"), "{}", run.stderr);
        run
    }

    /// The program with pipes and without arguments, for what [`Program::run_with`] cannot do.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .env_clear()
            .env("HOME", self.home.path())
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stdout = String::from_utf8_lossy(&self.stdout);
        write!(f, "exit {}\n{}\n{stdout}", self.code, self.stderr)
    }
}

impl Run {
    /// Standard output as text.
    ///
    /// # Panics
    /// If it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("the output is UTF-8")
    }

    /// Standard output as JSON.
    ///
    /// # Panics
    /// If it is not.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match serde_json::from_slice(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("{error}: {self:?}"),
        }
    }

    /// Checks the exit code, and that standard error has these words.
    ///
    /// # Panics
    /// If not so.
    #[track_caller]
    pub fn ends(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        for words in words {
            let said = self.stderr.contains(words);
            assert!(said, "`{words}` is not in: {}", self.stderr);
        }
    }
}

fn collect(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes)
            .expect("the output can be read");
        bytes
    })
}

/// Waits for the end, and ends what takes too long.
fn ended(child: &mut Child, what: &str) -> i32 {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return match status.code() {
                Some(code) => code,
                None => panic!("{what} was ended by a signal: {status}"),
            };
        }
        if start.elapsed() > PATIENCE {
            child.kill().expect("a child can be ended");
            child.wait().expect("a child can be waited for");
            panic!("{what} still runs after {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(5));
    }
}
