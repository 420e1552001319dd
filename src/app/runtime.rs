//! The threads that all work runs on, and the limits of the system that would end the program without a word.

use std::{io, num::NonZero, sync::Mutex, thread};

use tokio::runtime::Runtime;

use crate::chemistry::STACK;

#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};

/// Threads that the program needs beside those of the runtime.
const SPARE_THREADS: usize = 4;
/// "File size limit exceeded"; the same number on Linux and macOS.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

/// Starts the runtime.
///
/// # Errors
/// A sentence with cause and next step, if the system gives the program no threads.
pub fn start_runtime() -> Result<Runtime, String> {
    // Molecules are read by functions that call themselves.
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().thread_stack_size(STACK);
    let runtime = try_threads().and_then(|()| builder.build());
    let runtime = runtime.map_err(|error| {
        format!(
            "The program could not be started: {error}. Close other programs, or ask for a higher limit of processes."
        )
    })?;
    #[cfg(unix)]
    {
        // A program that does not listen is ended by `ulimit -f`; one that does gets an error from its write, and can
        // say so. Where the system does not let us listen, it stays as it was.
        let _inside = runtime.enter();
        signal(SignalKind::from_raw(SIGXFSZ)).ok();
    }
    Ok(runtime)
}

/// Runs as many threads at once as the program will need.
///
/// Where the system gives no more of them, the runtime itself would panic or wait for ever.
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
