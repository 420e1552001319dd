//! The body of a response: anything that is not data is reported, and minor transfer oddities are removed.

use std::{borrow::Cow, io::Write as _};

use flate2::write::GzDecoder;
use reqwest::{Response, StatusCode, header::CONTENT_ENCODING};
use serde::de::DeserializeOwned;

use super::{
    tolerant_json::parse_tolerant,
    wire::{IsJson, is_json},
};
use crate::api::{ApiError, ApiResult};

/// The byte order mark that some programs put before a text.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads the whole answer, unless it is longer than `limit`: then it is not an answer of a Fragalysis server.
pub(in crate::api) async fn read_up_to(mut response: Response, limit: usize) -> ApiResult<Vec<u8>> {
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
    let body = read_up_to(response, usize::MAX).await?;
    if body.trim_ascii().is_empty() {
        return Err(ApiError::Empty);
    }
    parse_tolerant(&body).map_err(|source| {
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

/// The chunks of an answer as text: without a byte order mark, and decompressed if it uses the older name of
/// gzip, which reqwest does not know.
pub(in crate::api) struct TextChunks {
    is_first: bool,
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
            gunzip: is_packed.then(|| GzDecoder::new(Vec::new())),
        }
    }

    /// Returns the text of the next chunk.
    pub(in crate::api) fn next<'a>(&mut self, piece: &'a [u8]) -> ApiResult<Cow<'a, [u8]>> {
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
}
