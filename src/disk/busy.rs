//! Files that another program holds open for a moment. On Windows, virus scanners and indexers look at every new
//! file, and until they are done the file cannot be renamed or replaced, nor its folder removed.

use std::{fs::File, io, thread, time::Duration};

/// How long to wait before each further try, in milliseconds: two seconds in all.
const WAITS: [u64; 8] = [10, 20, 40, 80, 150, 300, 600, 800];

/// The error codes of Windows for a file that is open elsewhere: access denied, sharing violation, lock violation.
/// (The first also means that something is not permitted at all.)
const BUSY: [i32; 3] = [5, 32, 33];

/// Runs a file operation, and again while another program holds the file open. On systems on which open files can be
/// renamed and removed it runs once. May block for two seconds.
pub(super) fn retry_while_busy<T>(work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let waits: &[u64] = if cfg!(windows) { &WAITS } else { &[] };
    try_again(waits, is_busy, work)
}

/// Locks a file, and tries again while another program has locked it. May block for two seconds.
///
/// # Errors
/// [`io::ErrorKind::WouldBlock`] if it stays locked; another error if the file system has no locks.
pub(crate) fn lock_when_free(file: &File) -> io::Result<()> {
    let is_locked = |error: &io::Error| error.kind() == io::ErrorKind::WouldBlock;
    try_again(&WAITS, is_locked, || {
        file.try_lock().map_err(io::Error::from)
    })
}

fn is_busy(error: &io::Error) -> bool {
    error
        .raw_os_error()
        .is_some_and(|code| BUSY.contains(&code))
}

#[expect(
    clippy::disallowed_methods,
    reason = "no system says when the other program has closed or unlocked the file"
)]
fn try_again<T>(
    waits: &[u64],
    is_busy: impl Fn(&io::Error) -> bool,
    mut work: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    for wait in waits {
        match work() {
            Err(error) if is_busy(&error) => thread::sleep(Duration::from_millis(*wait)),
            done => return done,
        }
    }
    work()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_files_are_retried_and_forbidden_ones_fail_in_the_end() {
        let mut tries = 0;
        let mut busy_until = |last: usize| {
            tries = 0;
            let done = try_again(&[0, 0, 0], is_busy, || {
                tries += 1;
                if tries < last {
                    return Err(io::Error::from_raw_os_error(32));
                }
                Ok(tries)
            });
            (done.ok(), tries)
        };
        assert_eq!(busy_until(1), (Some(1), 1));
        assert_eq!(busy_until(3), (Some(3), 3));
        assert_eq!(busy_until(9), (None, 4));
        let other = try_again(&[0, 0, 0], is_busy, || -> io::Result<()> {
            Err(io::Error::from_raw_os_error(2))
        });
        assert_eq!(other.unwrap_err().raw_os_error(), Some(2));
    }

    /// A scanner that releases the file in time.
    #[cfg(windows)]
    #[expect(
        clippy::disallowed_methods,
        reason = "the scanner is another program, which takes its time"
    )]
    #[test]
    fn a_file_briefly_held_by_a_scanner_is_still_renamed() {
        use std::os::windows::fs::OpenOptionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let (from, to) = (home.path().join("a.part"), home.path().join("a"));
        std::fs::write(&from, "x").unwrap();
        let scanner = std::fs::File::options()
            .read(true)
            .share_mode(1)
            .open(&from)
            .unwrap();
        let holder = thread::spawn(move || {
            thread::sleep(Duration::from_millis(120));
            drop(scanner);
        });
        crate::disk::rename(&from, &to).unwrap();
        holder.join().unwrap();
        assert!(to.is_file());
    }
}
