//! A sink for the rows of a long list while it arrives.

/// Receives rows one by one, each as the text that the server sent, and distinguishes them by their ids.
pub trait RowSink: Send {
    /// Starts an attempt: the list is requested from its beginning, perhaps not for the first time. Earlier rows
    /// stay.
    fn start_attempt(&mut self);

    /// Receives a row.
    ///
    /// # Errors
    /// If it cannot be parsed; then no part of it is kept.
    fn take(&mut self, json: &[u8]) -> Result<(), serde_json::Error>;

    /// Returns the number of distinct rows received in the current attempt.
    fn distinct(&self) -> u64;

    /// Returns how many rows there are in total.
    fn rows(&self) -> usize;

    /// Ends a complete attempt: rows received only in an earlier one are dropped.
    fn commit_attempt(&mut self);
}
