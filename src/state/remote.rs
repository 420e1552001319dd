//! A value that is fetched asynchronously, with its state.

use std::{future::Future, sync::Arc};

use poll_promise::Promise;
use tokio::{runtime::Handle, task::AbortHandle};

use crate::model::{ErrorKind, Problem};

/// Wakes a sleeping window; may be called from anywhere.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Where background work runs, and how the window learns that it is done.
#[derive(Clone)]
pub struct Worker {
    /// The one runtime of the program.
    pub runtime: Handle,
    /// Called after every result.
    pub waker: Waker,
}

/// A value that is fetched asynchronously. The previous value stays until a new one has arrived.
#[derive(Default)]
pub enum Remote<T: Send + 'static> {
    /// It has not been requested yet.
    #[default]
    NotRequested,
    /// It has been requested and has not arrived yet.
    Loading {
        /// The previous value.
        old: Option<T>,
        /// Where the answer will arrive.
        answer: PendingTask<T>,
    },
    /// It has arrived.
    Ready(T),
    /// The request failed.
    Failed {
        /// The previous value.
        old: Option<T>,
        /// Why.
        problem: Problem,
    },
}

/// A pending answer. Dropping it stops the work.
pub struct PendingTask<T: Send + 'static> {
    promise: Promise<Result<T, Problem>>,
    work: AbortHandle,
}

impl<T: Send + 'static> Drop for PendingTask<T> {
    fn drop(&mut self) {
        self.work.abort();
    }
}

impl<T: Send + 'static> Remote<T> {
    /// Starts a request, keeping the current value. A request under way is stopped: its answer would be older.
    pub fn start(
        &mut self,
        worker: &Worker,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) {
        let (sender, promise) = Promise::new();
        let task = worker.runtime.spawn(work);
        let handle = task.abort_handle();
        let waker = Arc::clone(&worker.waker);
        // Polling a promise whose sender was dropped would panic in the window, so this task does nothing that
        // could fail: it always sends.
        worker.runtime.spawn(async move {
            sender.send(task.await.unwrap_or_else(|error| Err(crashed(&error))));
            waker();
        });
        *self = Self::Loading {
            old: self.take_value(),
            answer: PendingTask {
                promise,
                work: handle,
            },
        };
    }

    /// Checks for the answer. Returns `true` if it has just arrived.
    pub fn poll(&mut self) -> bool {
        let Self::Loading { answer, old } = self else {
            return false;
        };
        let std::task::Poll::Ready(result) = answer.promise.poll_mut() else {
            return false;
        };
        // The result is moved out; what is left is dropped with the promise.
        let result = std::mem::replace(result, Err(taken()));
        let old = old.take();
        *self = match result {
            Ok(value) => Self::Ready(value),
            Err(problem) => Self::Failed { old, problem },
        };
        true
    }

    /// Returns the newest value there is, fresh or not.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading { old, .. } | Self::Failed { old, .. } => old.as_ref(),
            Self::NotRequested => None,
        }
    }

    /// Returns why the last request failed.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed { problem, .. } => Some(problem),
            Self::NotRequested | Self::Loading { .. } | Self::Ready(_) => None,
        }
    }

    /// Sets a previous value if there is none: it stays until an answer arrives.
    pub fn set_previous(&mut self, value: T) {
        match self {
            Self::Loading { old, .. } | Self::Failed { old, .. } => {
                old.get_or_insert(value);
            }
            Self::NotRequested | Self::Ready(_) => {}
        }
    }

    /// Returns `true` while an answer is pending.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// Returns `true` if nothing has been requested yet.
    pub fn is_not_requested(&self) -> bool {
        matches!(self, Self::NotRequested)
    }

    /// Takes the value, and resets the state to [`Remote::NotRequested`].
    pub fn take_value(&mut self) -> Option<T> {
        match std::mem::take(self) {
            Self::Ready(value) => Some(value),
            // `PendingTask` stops its work when it is dropped here.
            Self::Loading { old, .. } | Self::Failed { old, .. } => old,
            Self::NotRequested => None,
        }
    }
}

fn crashed(error: &tokio::task::JoinError) -> Problem {
    tracing::error!(%error, "a request ended unexpectedly");
    Problem::new(
        ErrorKind::Crashed,
        "Internal error while querying the server",
    )
}

fn taken() -> Problem {
    Problem::new(ErrorKind::Cancelled, String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(runtime: &tokio::runtime::Runtime) -> (Worker, std::sync::mpsc::Receiver<()>) {
        let (sender, receiver) = std::sync::mpsc::channel();
        let waker: Waker = Arc::new(move || sender.send(()).unwrap());
        (
            Worker {
                runtime: runtime.handle().clone(),
                waker,
            },
            receiver,
        )
    }

    #[test]
    fn work_that_panics_becomes_a_problem_and_the_old_value_stays() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (worker, woken) = worker(&runtime);
        let mut load = Remote::Ready(1);
        load.start(&worker, async { panic!("a fault of ours") });
        assert!(load.is_loading());
        woken.recv().unwrap();
        assert!(load.poll());
        assert_eq!(load.value(), Some(&1));
        assert_eq!(load.problem().unwrap().kind, ErrorKind::Crashed);
    }

    #[test]
    fn a_new_request_stops_the_previous_work() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (worker, woken) = worker(&runtime);
        let mut load = Remote::NotRequested;
        load.start(&worker, std::future::pending());
        load.start(&worker, async { Ok(2) });
        // Both tasks wake the window: the stopped one, and the one with the answer.
        woken.recv().unwrap();
        woken.recv().unwrap();
        assert!(load.poll());
        assert_eq!(load.value(), Some(&2));
        assert!(!load.poll());
    }
}
