//! Work on many molecules at once, on all processors.

use std::{num::NonZero, thread};

use super::STACK;

/// Fewer molecules than this are done by one thread: starting others would take longer.
const FEW: usize = 2_000;

/// Applies a function to each item and returns the results in order. If the system cannot start all the threads,
/// fewer are used.
pub(crate) fn for_each_in_parallel<T: Sync, R: Send>(
    items: &[T],
    each: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let count = thread::available_parallelism().map_or(1, NonZero::get);
    if count == 1 || items.len() < FEW {
        return items.iter().map(each).collect();
    }
    let each = &each;
    thread::scope(|scope| {
        let started: Vec<_> = items
            .chunks(items.len().div_ceil(count))
            .map(|chunk| {
                // Molecules are traversed by recursive functions.
                let thread = thread::Builder::new().stack_size(STACK);
                let work = move || chunk.iter().map(each).collect::<Vec<R>>();
                (chunk, thread.spawn_scoped(scope, work))
            })
            .collect();
        let results = started.into_iter().flat_map(|(chunk, thread)| {
            let result = thread.ok().and_then(|thread| thread.join().ok());
            result.unwrap_or_else(|| chunk.iter().map(each).collect())
        });
        results.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_are_in_order_and_none_is_missing_however_many_there_are() {
        for count in [0, 1, FEW - 1, FEW, FEW + 1, 10 * FEW + 7] {
            let items: Vec<usize> = (0..count).collect();
            let results = for_each_in_parallel(&items, |item| item * 2);
            let meant: Vec<usize> = (0..count).map(|item| item * 2).collect();
            assert_eq!(results, meant);
        }
    }
}
