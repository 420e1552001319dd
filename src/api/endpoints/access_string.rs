//! What the server says about a target access string under which it shows nothing.

use crate::{
    api::{ApiError, ApiResult, Client},
    model::{DownloadRequest, FileSelection, TargetKey, Tas},
};

/// No target has this title, so nothing is ever built for it.
const NO_TARGET: &str = "(none: asks whether the access string exists)";

/// What a server says about a target access string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TasStatus {
    /// The server has no such string.
    Missing,
    /// The server has it, and the user is not a member.
    NotAMember,
    /// The user may see what is under it.
    Visible,
    /// The server did not say.
    Unknown,
}

impl Client {
    /// Returns what the server says about an access string.
    ///
    /// Lists leave out what the user may not see; only the refusal of a download distinguishes "does not exist" from
    /// "is not a member" (server-api 1.11, 9.9). So a download is requested for a target that does not exist.
    ///
    /// # Errors
    /// The request failed for a reason that says nothing about the string.
    pub async fn tas_status(&self, tas: &Tas) -> ApiResult<TasStatus> {
        let request = DownloadRequest {
            target: TargetKey {
                title: NO_TARGET.to_owned(),
                tas: tas.clone(),
            },
            codes: Vec::new(),
            files: FileSelection::default(),
            static_link: false,
        };
        match self.order(&request).await {
            Ok(_) => Ok(TasStatus::Unknown),
            Err(error) => status(&error).ok_or(error),
        }
    }
}

fn status(refusal: &ApiError) -> Option<TasStatus> {
    match refusal {
        ApiError::NoAccess {
            message: Some(text),
            ..
        } if text.contains("is not a member of") => Some(TasStatus::NotAMember),
        ApiError::NotFound {
            message: Some(text),
        } if !text.contains("does not exist") => Some(TasStatus::Unknown),
        ApiError::NotFound {
            message: Some(text),
        } if text.starts_with("Project ") => Some(TasStatus::Missing),
        ApiError::NotFound {
            message: Some(text),
        } if text.starts_with("Target ") => Some(TasStatus::Visible),
        ApiError::NotFound { .. } | ApiError::NotOffered => Some(TasStatus::Unknown),
        _ => None,
    }
}
