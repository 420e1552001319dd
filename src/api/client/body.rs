//! The body of a response: anything that is not data is reported, and minor transfer oddities are removed.

use std::{
    borrow::Cow,
    io::Write as _,
    time::{Duration, Instant},
};

use flate2::write::GzDecoder;
use reqwest::{Response, StatusCode, header::CONTENT_ENCODING};
use serde::de::DeserializeOwned;

use super::{
    tolerant_json::{parse_tolerant, without_comment},
    wire::{IsJson, is_json},
};
use crate::api::{ApiError, ApiResult};

/// The byte order mark that some programs put before a text.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A single answer, which is no list and no file, is no longer than this, in bytes. What claims to be compressed can
/// be a thousand times as long as what arrives.
const LONGEST_ANSWER: usize = 16 << 20;
/// A single answer takes no longer than this: a server that sends a byte now and then would be waited for without end.
const SLOWEST_ANSWER: Duration = Duration::from_mins(2);

/// Reads the whole answer, unless it is longer than `limit`: then it is not an answer of a Fragalysis server.
///
/// # Errors
/// Also [`ApiError::TooSlow`] if it does not end.
pub(in crate::api) async fn read_up_to(response: Response, limit: usize) -> ApiResult<Vec<u8>> {
    let slow = |_| ApiError::TooSlow { message: None };
    let reading = tokio::time::timeout(SLOWEST_ANSWER, read_whole(response, limit));
    reading.await.map_err(slow)?
}

async fn read_whole(mut response: Response, limit: usize) -> ApiResult<Vec<u8>> {
    let mut body = Vec::new();
    let mut pieces = TextChunks::of(&response);
    while let Some(piece) = response.chunk().await.map_err(ApiError::from_transport)? {
        body.extend_from_slice(&pieces.next(&piece)?);
        if body.len() > limit {
            return Err(ApiError::NotFragalysis);
        }
    }
    Ok(body)
}

/// Reads the complete response, then decodes it.
pub(in crate::api) async fn decode<T: DeserializeOwned>(
    what: &'static str,
    response: Response,
) -> ApiResult<T> {
    let response = only_json(response).await?;
    let is_said = is_json(response.headers()) == IsJson::Yes;
    let body = read_up_to(response, LONGEST_ANSWER).await?;
    if body.trim_ascii().is_empty() {
        return Err(ApiError::Empty);
    }
    parse_tolerant(without_comment(&body)).map_err(|source| {
        if is_said {
            ApiError::Malformed { what, source }
        } else {
            ApiError::NotFragalysis
        }
    })
}

/// Returns the response, unless it is a web page or an empty answer where data belongs.
pub(in crate::api) async fn only_json(mut response: Response) -> ApiResult<Response> {
    let is_empty =
        response.status() == StatusCode::NO_CONTENT || response.content_length() == Some(0);
    match is_json(response.headers()) {
        _ if is_empty => Err(ApiError::Empty),
        IsJson::Yes | IsJson::Unsaid => Ok(response),
        IsJson::No => match response.chunk().await {
            // One without a length shows only by its end that there is nothing in it.
            Ok(None) => Err(ApiError::Empty),
            Ok(Some(text)) if text.trim_ascii().is_empty() => Err(ApiError::Empty),
            Ok(Some(_)) | Err(_) => Err(ApiError::NotFragalysis),
        },
    }
}

/// Fewer bytes than this in [`RATE_TIME`] are not a slow connection, but a server that does not get on.
const LEAST_ARRIVING: usize = 4 << 10;
const RATE_TIME: Duration = Duration::from_mins(2);

/// The chunks of an answer as text: without a byte order mark, and decompressed if it uses the older name of
/// gzip, which reqwest does not know.
pub(in crate::api) struct TextChunks {
    is_first: bool,
    /// What has arrived since when, to notice an answer that never ends.
    arrived: (usize, Instant),
    gunzip: Option<GzDecoder<Vec<u8>>>,
}

impl TextChunks {
    pub(in crate::api) fn of(response: &Response) -> Self {
        let is_packed = response
            .headers()
            .get(CONTENT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("x-gzip"));
        Self {
            is_first: true,
            arrived: (0, Instant::now()),
            gunzip: is_packed.then(|| GzDecoder::new(Vec::new())),
        }
    }

    /// Returns the text of the next chunk.
    ///
    /// # Errors
    /// [`ApiError::CutShort`] if it cannot be decompressed, [`ApiError::TooSlow`] if next to nothing arrives.
    pub(in crate::api) fn next<'a>(&mut self, piece: &'a [u8]) -> ApiResult<Cow<'a, [u8]>> {
        self.check_rate(piece.len())?;
        let text = match &mut self.gunzip {
            None => Cow::Borrowed(piece),
            Some(gunzip) => {
                // Without flushing, the decoder withholds the last bytes that it has decompressed.
                let unpacked = gunzip.write_all(piece).and_then(|()| gunzip.flush());
                unpacked.map_err(|_damaged| ApiError::CutShort)?;
                Cow::Owned(std::mem::take(gunzip.get_mut()))
            }
        };
        if !self.is_first || text.is_empty() {
            return Ok(text);
        }
        self.is_first = false;
        Ok(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix(BOM).unwrap_or(text)),
            Cow::Owned(text) => {
                Cow::Owned(text.strip_prefix(BOM).map(<[u8]>::to_vec).unwrap_or(text))
            }
        })
    }

    fn check_rate(&mut self, length: usize) -> ApiResult<()> {
        let (bytes, since) = &mut self.arrived;
        *bytes += length;
        if since.elapsed() < RATE_TIME {
            return Ok(());
        }
        if *bytes < LEAST_ARRIVING {
            return Err(ApiError::TooSlow { message: None });
        }
        self.arrived = (0, Instant::now());
        Ok(())
    }
}
