//! Is a result computed once, kept while its snapshot is the latest, and never too much of it?

use super::*;
use std::cell::Cell;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

/// So many bytes.
#[derive(Debug, PartialEq)]
struct Block(usize);

impl Heap for Block {
    fn bytes(&self) -> usize {
        self.0
    }
}

fn with_budget<T>(cost: u64, run: impl FnOnce(&Budget<'_>) -> T) -> T {
    let cancel = AtomicBool::new(false);
    let later = Instant::now() + Duration::from_hours(1);
    run(&Budget::new(cost, u64::MAX, later, &cancel))
}

/// Asks for a block; tells whether it was computed.
fn ask(shelf: &Shelf<Block>, revision: u64, key: &str, bytes: usize) -> bool {
    let computed = Cell::new(false);
    let found = with_budget(u64::MAX, |budget| {
        shelf.of(revision, key.to_owned(), budget, || {
            computed.set(true);
            Ok(Block(bytes))
        })
    });
    assert_eq!(*found.unwrap(), Block(bytes));
    computed.get()
}

#[test]
fn a_result_is_computed_once_for_a_snapshot_and_a_key() {
    let shelf = Shelf::new(1_000);
    assert!(ask(&shelf, 7, "a", 10));
    assert!(!ask(&shelf, 7, "a", 10));
    assert!(ask(&shelf, 7, "b", 20));
    assert!(ask(&shelf, 8, "a", 30), "another snapshot, another result");
    assert!(!ask(&shelf, 8, "a", 30));
}

#[test]
fn what_is_of_older_snapshots_is_forgotten() {
    let shelf = Shelf::new(1_000);
    ask(&shelf, 7, "a", 10);
    ask(&shelf, 8, "a", 10);
    shelf.forget_before(8);
    assert_eq!(shelf.size(), (1, 11));
    assert!(ask(&shelf, 7, "a", 10), "still answered");
    assert_eq!(shelf.size(), (1, 11), "but not kept");
}

#[test]
fn the_oldest_makes_room_and_what_is_too_large_is_not_kept() {
    let shelf = Shelf::new(100);
    ask(&shelf, 1, "a", 40);
    ask(&shelf, 1, "b", 40);
    ask(&shelf, 1, "c", 40);
    assert_eq!(shelf.size(), (2, 82));
    assert!(!ask(&shelf, 1, "c", 40) && !ask(&shelf, 1, "b", 40));
    assert!(ask(&shelf, 1, "d", 200) && ask(&shelf, 1, "d", 200));
    assert_eq!(shelf.size(), (2, 82));
}

#[test]
fn a_run_that_stops_leaves_nothing_behind() {
    let shelf = Shelf::<Block>::new(100);
    let stopped = with_budget(u64::MAX, |budget| {
        shelf.of(1, "a".to_owned(), budget, || Err(Stop::Cancelled))
    });
    assert_eq!(stopped, Err(Stop::Cancelled));
    assert_eq!(shelf.size(), (0, 0));
    assert!(ask(&shelf, 1, "a", 10));
}

#[test]
fn others_wait_for_a_running_computation_if_they_have_a_thread_of_their_own() {
    let shelf = Shelf::new(100);
    let (begun, begins) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let shelf = &shelf;
        scope.spawn(move || {
            with_budget(u64::MAX, |budget| {
                shelf.of(1, "a".to_owned(), budget, || {
                    begun.send(()).unwrap();
                    goes_on.recv().unwrap();
                    Ok(Block(10))
                })
            })
        });
        begins.recv().unwrap();
        let hasty = with_budget(20_000, |budget| {
            shelf.of(1, "a".to_owned(), budget, || Ok(Block(11)))
        });
        assert_eq!(hasty, Err(Stop::Cost(20_000)));
        let waits = scope.spawn(move || ask(shelf, 1, "a", 10));
        go_on.send(()).unwrap();
        assert!(!waits.join().unwrap());
    });
}

#[test]
fn who_waits_stops_at_its_own_limit() {
    let shelf = Shelf::new(100);
    with_budget(u64::MAX, |outer| {
        let found = shelf.of(1, "a".to_owned(), outer, || {
            let cancel = AtomicBool::new(true);
            let budget = Budget::new(u64::MAX, u64::MAX, Instant::now(), &cancel);
            let waits = shelf.of(1, "a".to_owned(), &budget, || Ok(Block(1)));
            assert_eq!(waits, Err(Stop::Cancelled));
            Ok(Block(10))
        });
        assert_eq!(*found.unwrap(), Block(10));
    });
}
