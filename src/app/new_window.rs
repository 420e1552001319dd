//! A further window: another copy of the program.

use std::{
    env,
    process::{Command, Stdio},
    sync::Arc,
    thread,
};

use crate::state::NewWindow;

/// The argument that makes the program read a token, which the second copy is not given: it signs in by itself.
const TOKEN_ARGUMENT: &str = "--token-stdin";

/// Starts another copy of the program with the arguments of this one.
pub fn system_new_window() -> NewWindow {
    Arc::new(|| {
        let mut child = Command::new(env::current_exe()?)
            .args(
                env::args_os()
                    .skip(1)
                    .filter(|argument| argument != TOKEN_ARGUMENT),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Without this, its entry stays in the system's list of processes after its end.
        let waits = thread::Builder::new().spawn(move || child.wait());
        if let Err(error) = waits {
            tracing::debug!(%error, "could not start the thread that waits for the second window");
        }
        Ok(())
    })
}
