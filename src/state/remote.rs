//! A value that comes from elsewhere, together with where it stands.

use std::{future::Future, sync::Arc};

use poll_promise::Promise;
use tokio::{runtime::Handle, task::AbortHandle};

use crate::model::{ErrorKind, Problem};

/// Wakes a sleeping window; may be called from anywhere.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Where work runs, and how the window learns that it is done.
#[derive(Clone)]
pub struct Worker {
    /// The one runtime of the program.
    pub runtime: Handle,
    /// Called after every answer.
    pub waker: Waker,
}

/// A value from elsewhere. An earlier value stays until a new one is there.
#[derive(Default)]
pub enum Remote<T: Send + 'static> {
    /// No one has asked yet.
    #[default]
    NotRequested,
    /// Asked, no answer yet.
    Loading {
        /// The value before.
        old: Option<T>,
        /// Where the answer will be.
        answer: Answer<T>,
    },
    /// Here it is.
    Ready(T),
    /// It could not be obtained.
    Failed {
        /// The value before.
        old: Option<T>,
        /// Why.
        problem: Problem,
    },
}

/// The place of an answer to come. Dropping it stops the work.
pub struct Answer<T: Send + 'static> {
    promise: Promise<Result<T, Problem>>,
    work: AbortHandle,
}

impl<T: Send + 'static> Drop for Answer<T> {
    fn drop(&mut self) {
        self.work.abort();
    }
}

impl<T: Send + 'static> Remote<T> {
    /// Asks, keeping the value that is there. Work under way is stopped: its answer would be the older one.
    pub fn start(
        &mut self,
        worker: &Worker,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) {
        let (sender, promise) = Promise::new();
        let task = worker.runtime.spawn(work);
        let handle = task.abort_handle();
        let waker = Arc::clone(&worker.waker);
        // A promise whose sender is dropped would panic in the window, so this task does nothing that
        // could fail: it always sends.
        worker.runtime.spawn(async move {
            sender.send(task.await.unwrap_or_else(|error| Err(crashed(&error))));
            waker();
        });
        *self = Self::Loading {
            old: self.take_value(),
            answer: Answer {
                promise,
                work: handle,
            },
        };
    }

    /// Looks whether the answer is there. True when it has just come.
    pub fn poll(&mut self) -> bool {
        let Self::Loading { answer, old } = self else {
            return false;
        };
        let std::task::Poll::Ready(result) = answer.promise.poll_mut() else {
            return false;
        };
        // The result is moved out; what is left in its place goes away with the promise.
        let result = std::mem::replace(result, Err(taken()));
        let old = old.take();
        *self = match result {
            Ok(value) => Self::Ready(value),
            Err(problem) => Self::Failed { old, problem },
        };
        true
    }

    /// The newest value there is, fresh or not.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading { old, .. } | Self::Failed { old, .. } => old.as_ref(),
            Self::NotRequested => None,
        }
    }

    /// Why the last answer did not come.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed { problem, .. } => Some(problem),
            Self::NotRequested | Self::Loading { .. } | Self::Ready(_) => None,
        }
    }

    /// Gives it a previous value, where it has none: it stays until an answer is there.
    pub fn give_old(&mut self, value: T) {
        match self {
            Self::Loading { old, .. } | Self::Failed { old, .. } => {
                old.get_or_insert(value);
            }
            Self::NotRequested | Self::Ready(_) => {}
        }
    }

    /// Whether an answer is awaited.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// Whether no one has asked yet.
    pub fn is_not_asked(&self) -> bool {
        matches!(self, Self::NotRequested)
    }

    /// Takes the value out and leaves nothing asked.
    pub fn take_value(&mut self) -> Option<T> {
        match std::mem::take(self) {
            Self::Ready(value) => Some(value),
            // `Answer` stops its work when it is dropped here.
            Self::Loading { old, .. } | Self::Failed { old, .. } => old,
            Self::NotRequested => None,
        }
    }
}

fn crashed(error: &tokio::task::JoinError) -> Problem {
    tracing::error!(%error, "a request ended unexpectedly");
    Problem::new(
        ErrorKind::Crashed,
        "This program made a mistake while asking the server",
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
    fn asking_anew_stops_the_older_work() {
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
