//! Anyone who takes the rows of a long list while it arrives.

/// Takes rows one by one, each as the text that the server sent, and tells them apart by their numbers.
pub trait RowSink: Send {
    /// The list is asked for from its beginning, perhaps not for the first time. What came before stays.
    fn begin_try(&mut self);

    /// Takes a row.
    ///
    /// # Errors
    /// When it cannot be read; nothing of it is kept then.
    fn take(&mut self, json: &[u8]) -> Result<(), serde_json::Error>;

    /// How many different rows the present try has brought.
    fn distinct(&self) -> u64;

    /// How many rows there are in all.
    fn rows(&self) -> usize;

    /// The present try was complete: rows that only an earlier one brought are dropped.
    fn keep_this_try(&mut self);
}
