//! Is everything acknowledged there after kill -9, at any moment?
//!
//! The test runs its own binary again as a child, which works on a data directory and
//! says on its standard output what it is about to do and what was acknowledged; then
//! it is killed, in the midst of whatever it does next.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use guitu::store::{self, Options, StoreError};

use super::{Progress, Step, check, read};

const FOLDER: &str = "GUITU_TEST_STORE";
const ROUNDS: u64 = 25;

/// What the child does, over and over.
const STEPS: &[Step] = &[
    Step::Append(1),
    Step::Append(7),
    Step::Meta,
    Step::Append(1),
    Step::Checkpoint,
    Step::Append(3),
    Step::Forget,
    Step::Append(1),
    Step::Import,
    Step::Append(2),
    Step::Abandon,
];

/// Not a test of its own: the others run it in a child process.
#[test]
#[ignore = "run by the other tests in a process of its own"]
fn child() {
    let folder = std::env::var_os(FOLDER).unwrap();
    say("opening");
    let store = store::open(Path::new(&folder), &Options::default()).unwrap();
    let mut known = read(&*store).unwrap();
    say(&format!("opened {known:?}"));
    for step in STEPS.iter().cycle() {
        step.take(&*store, known).unwrap();
        known = step.after(known);
        say(&format!(
            "has {} {} {} {}",
            known.revision, known.checkpoint, known.meta, known.oldest
        ));
    }
}

fn say(line: &str) {
    // Written whole and at once, without the test harness capturing it.
    let mut out = File::options().append(true).open("/dev/stdout").unwrap();
    out.write_all(format!("store: {line}\n").as_bytes())
        .unwrap();
}

/// The test binary again, running [`child`] on the data directory.
fn child_command(folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", "store::kill::child", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// A running child and what it says.
struct Running {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(command: &mut Command) -> Running {
        let mut child = command.spawn().unwrap();
        let out = child.stdout.take().unwrap();
        Running {
            child,
            lines: BufReader::new(out).lines(),
        }
    }

    /// The next line of the child, if it says one more.
    fn hear(&mut self) -> Option<String> {
        let mut lines = self.lines.by_ref().map_while(Result::ok);
        lines.find_map(|line| {
            let said = line.split_once("store: ")?.1;
            Some(said.to_owned())
        })
    }

    /// Kills the child and hears what it still said.
    fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::iter::from_fn(|| self.hear()).collect()
    }
}

fn parse(line: &str) -> Option<Progress> {
    let mut numbers = line.strip_prefix("has ")?.split(' ').map(str::parse);
    let mut next = || numbers.next()?.ok();
    Some(Progress {
        revision: next()?,
        checkpoint: next()?,
        meta: next()?,
        oldest: next()?,
    })
}

/// What the store may hold when the step after `known` was under way.
fn check_killed(folder: &Path, known: Progress, count: usize, context: &str) -> Progress {
    let store = store::open(folder, &Options::default())
        .unwrap_or_else(|error| panic!("{context}: {error}"));
    let asked = STEPS[count % STEPS.len()].after(known);
    check(&*store, known, asked, context)
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("data");
    let mut known = Progress::default();
    for round in 0..ROUNDS {
        let mut running = Running::start(&mut child_command(&folder));
        let mut heard: Vec<String> = Vec::new();
        // Each round another number of acknowledgements, so that each step is hit.
        while heard.len() < (round * 7 % 31) as usize + 3 {
            heard.push(running.hear().expect("the child lives"));
        }
        heard.extend(running.kill());
        let acknowledged: Vec<Progress> = heard.iter().filter_map(|line| parse(line)).collect();
        known = *acknowledged.last().unwrap_or(&known);
        let context = format!("round {round}, after {known:?}");
        known = check_killed(&folder, known, acknowledged.len(), &context);
    }
    assert!(known.revision > 100, "the rounds got somewhere: {known:?}");
}

#[test]
fn a_kill_inside_open_loses_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("data");
    let mut known = Progress::default();
    for round in 0..ROUNDS {
        let mut running = Running::start(&mut child_command(&folder));
        assert_eq!(running.hear().as_deref(), Some("opening"));
        // Not a wait for anything: only spreads the kills over the opening.
        for turn in 0..round * 150_000 {
            std::hint::black_box(turn);
        }
        let heard = running.kill();
        let acknowledged: Vec<Progress> = heard.iter().filter_map(|line| parse(line)).collect();
        known = *acknowledged.last().unwrap_or(&known);
        let context = format!("round {round}, after {known:?}");
        known = check_killed(&folder, known, acknowledged.len(), &context);
        let store = store::open(&folder, &Options::default()).unwrap();
        for step in [Step::Append(5), Step::Checkpoint, Step::Append(1)] {
            step.take(&*store, known).unwrap();
            known = step.after(known);
        }
    }
}

#[test]
fn a_kill_inside_the_first_open_leaves_a_directory_that_opens() {
    for round in 0..ROUNDS {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().join("data");
        let mut running = Running::start(&mut child_command(&folder));
        assert_eq!(running.hear().as_deref(), Some("opening"));
        for turn in 0..round * 300_000 {
            std::hint::black_box(turn);
        }
        let heard = running.kill();
        let acknowledged: Vec<Progress> = heard.iter().filter_map(|line| parse(line)).collect();
        let known = acknowledged.last().copied().unwrap_or_default();
        check_killed(
            &folder,
            known,
            acknowledged.len(),
            &format!("round {round}"),
        );
    }
}

#[test]
fn a_file_that_may_not_grow_ends_writing_and_loses_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("data");
    drop(store::open(&folder, &Options::default()).unwrap());
    // The shell's limit on the size of files, 9 MB, stands in for a full disk: writes
    // beyond it fail with an error, because the signal is ignored.
    let plain = child_command(&folder);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 18000; exec \"$0\" \"$@\""])
        .arg(plain.get_program())
        .args(plain.get_args())
        .env(FOLDER, &folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut running = Running::start(&mut limited);
    let heard: Vec<String> = std::iter::from_fn(|| running.hear()).collect();
    assert!(!running.child.wait().unwrap().success(), "it met the limit");
    let acknowledged: Vec<Progress> = heard.iter().filter_map(|line| parse(line)).collect();
    let known = *acknowledged.last().expect("some steps fit");
    check_killed(&folder, known, acknowledged.len(), "after the limit");
}

#[test]
fn below_the_free_space_mark_writing_is_refused_and_reading_goes_on() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("data");
    let mark = |free_space_mark| Options { free_space_mark };
    let refused = store::open(&folder, &mark(u64::MAX));
    assert!(matches!(refused, Err(StoreError::Full { .. })));
    let store = store::open(&folder, &mark(0)).unwrap();
    Step::Append(3).take(&*store, Progress::default()).unwrap();
    drop(store);
    let known = Progress {
        revision: 3,
        ..Progress::default()
    };
    let store = store::open(&folder, &mark(u64::MAX)).unwrap();
    for step in [Step::Append(1), Step::Meta, Step::Import] {
        let refused = step.take(&*store, known);
        assert!(
            matches!(refused, Err(StoreError::Full { .. })),
            "{step:?}: {refused:?}"
        );
    }
    check(&*store, known, known, "below the mark");
    assert!(fs::read_dir(&folder).unwrap().count() > 0);
}
