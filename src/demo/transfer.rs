//! Sends an archive or a file: complete, from an offset, interrupted, or slowly.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, StatusCode,
        header::{
            ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
            IF_RANGE, RANGE,
        },
    },
    response::Response,
};
use futures_util::{StreamExt as _, stream};

use super::{Faults, pages::server_error};

/// An archive that is being sent.
pub(super) struct Transfer {
    pub(super) bytes: Bytes,
    pub(super) file_name: String,
    pub(super) content_type: &'static str,
    /// Whether it has an ETag, and ranges of it are sent too.
    pub(super) has_mark: bool,
    /// Bytes per second.
    pub(super) rate: Option<u64>,
    /// Whether it has not been fetched before.
    pub(super) is_first: bool,
}

impl Transfer {
    /// Sends all of it, or the requested range.
    pub(super) fn send(mut self, faults: Faults, headers: &HeaderMap) -> Response {
        self.has_mark |= faults.archive_ranges || faults.changed_archive || faults.short_range;
        let is_changed = faults.changed_archive && !self.is_first;
        let mark = if is_changed { "\"2\"" } else { "\"1\"" };
        if is_changed {
            // The same length as before, but other data: the stored and the new bytes do not belong together.
            self.bytes = self.bytes.iter().map(|byte| byte ^ 0x55).collect();
        }
        let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let offset = value(RANGE)
            .and_then(|range| {
                range
                    .strip_prefix("bytes=")?
                    .strip_suffix('-')?
                    .parse::<usize>()
                    .ok()
            })
            .filter(|offset| self.has_mark && *offset < self.bytes.len())
            .filter(|_| value(IF_RANGE) == Some(mark) || faults.changed_archive)
            .unwrap_or(0);
        let status = if offset > 0 {
            StatusCode::PARTIAL_CONTENT
        } else {
            StatusCode::OK
        };
        // What remains is never all of it, and of the last byte nothing.
        let missing = usize::from(faults.short_range && offset > 0);
        let rest = self.bytes.slice(offset..self.bytes.len() - missing);
        let is_cut = faults.cut_archive || (faults.cut_once && self.is_first);
        let body = match self.rate {
            _ if is_cut => cut(&rest),
            Some(rate) => paced(rest, rate),
            None => Body::from(rest),
        };
        let mut answer = self.answer(body, status, offset);
        if missing > 0 {
            let (whole, end) = (self.bytes.len(), self.bytes.len() - 1 - missing);
            let headers = answer.headers_mut();
            headers.insert(CONTENT_LENGTH, (whole - missing - offset).into());
            if let Ok(range) = format!("bytes {offset}-{end}/{whole}").parse() {
                headers.insert(CONTENT_RANGE, range);
            }
        }
        if self.has_mark
            && let Ok(mark) = mark.parse()
        {
            answer.headers_mut().insert(ETAG, mark);
        }
        answer
    }

    /// Returns the headers of the answer, and `body`.
    pub(super) fn answer(&self, body: Body, status: StatusCode, offset: usize) -> Response {
        let whole = self.bytes.len();
        let mut answer = Response::builder()
            .status(status)
            .header(CONTENT_TYPE, self.content_type)
            .header(CONTENT_LENGTH, whole - offset)
            .header(
                CONTENT_DISPOSITION,
                format!("attachment; filename=\"{}\"", self.file_name),
            );
        if self.has_mark {
            answer = answer.header(ACCEPT_RANGES, "bytes");
        }
        if offset > 0 {
            answer = answer.header(
                CONTENT_RANGE,
                format!("bytes {offset}-{}/{whole}", whole - 1),
            );
        }
        answer.body(body).unwrap_or_else(|_| server_error())
    }
}

/// Sends all of it, at this many bytes per second.
fn paced(bytes: Bytes, rate: u64) -> Body {
    const PIECE: usize = 64 * 1024;
    let begun = tokio::time::Instant::now();
    let pieces = stream::unfold(0, move |sent| {
        let piece = bytes.slice(sent..bytes.len().min(sent + PIECE));
        async move {
            let due = begun + Duration::from_secs_f64(sent as f64 / rate as f64);
            tokio::time::sleep_until(due).await;
            let next = sent + piece.len();
            (!piece.is_empty()).then_some((Ok::<_, std::io::Error>(piece), next))
        }
    });
    Body::from_stream(pieces)
}

/// Returns a body that sends the first half and then fails.
fn cut(bytes: &Bytes) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    let lost = stream::once(async {
        // Otherwise the connection would be lost before the first half has been sent.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(std::io::Error::new(
            std::io::ErrorKind::ConnectionReset,
            "cut by the demo",
        ))
    });
    Body::from_stream(stream::iter([Ok(half)]).chain(lost))
}
