//! `/api/token/`: the best check of a session, where the server has it (2025 and later).

use serde::Deserialize;

use super::{ApiError, ApiResult, Client};

#[derive(Deserialize)]
struct TokenAnswer {
    #[expect(
        dead_code,
        reason = "only its presence matters; the value is the token that was sent"
    )]
    sessionid: serde::de::IgnoredAny,
}

impl Client {
    /// Succeeds exactly when the server takes the session for a signed-in user's.
    ///
    /// # Errors
    /// [`ApiError::SignInNeeded`] when the session is no good, [`ApiError::Ageing`] when it must be
    /// renewed, [`ApiError::NotOffered`] on 2024 servers.
    pub async fn token(&self) -> ApiResult<()> {
        match self
            .get_json::<TokenAnswer>("token", "/api/token/", &[])
            .await
        {
            Ok(_) => Ok(()),
            // Any other refusal here also means "not signed in": the server gives one sentence per cause.
            Err(ApiError::NoAccess { message }) => Err(ApiError::SignInNeeded { message }),
            Err(error) => Err(error),
        }
    }
}
