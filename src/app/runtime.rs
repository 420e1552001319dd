//! The threads that all work runs on, and the system limits that would end the program silently.

use std::{io, num::NonZero, sync::Mutex, thread};

use tokio::runtime::Runtime;

use crate::chemistry::STACK;

#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};

/// Threads that the program needs besides those of the runtime.
const SPARE_THREADS: usize = 4;
/// "File size limit exceeded"; the same number on Linux and macOS.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

/// Starts the runtime.
///
/// # Errors
/// A message with cause and next step, if no threads can be started.
pub fn start_runtime() -> Result<Runtime, String> {
    // Molecules are parsed by recursive functions.
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().thread_stack_size(STACK);
    let runtime = try_threads().and_then(|()| builder.build());
    let runtime = runtime.map_err(|error| {
        format!(
            "The program could not be started: {error}. Close other programs, or raise the limit on the number of processes."
        )
    })?;
    #[cfg(unix)]
    {
        // Without a signal handler, `ulimit -f` kills the program; with one, the write returns an error that can be
        // reported. Where no handler can be installed, nothing changes.
        let _inside = runtime.enter();
        signal(SignalKind::from_raw(SIGXFSZ)).ok();
    }
    Ok(runtime)
}

/// Starts as many threads at once as the program will need.
///
/// If the system does not allow that many, the runtime itself would panic or wait for ever.
fn try_threads() -> io::Result<()> {
    let count = thread::available_parallelism().map_or(1, NonZero::get) + SPARE_THREADS;
    let gate = Mutex::new(());
    thread::scope(|scope| {
        let closed = gate.lock();
        let tried = (0..count).try_for_each(|_| {
            let thread = thread::Builder::new();
            thread.spawn_scoped(scope, || drop(gate.lock())).map(drop)
        });
        drop(closed);
        tried
    })
}
