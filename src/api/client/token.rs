//! `/api/token/`: the most reliable session check, on servers that have it (2025 and later).

use serde::Deserialize;

use crate::{
    api::{ApiError, ApiResult, Client},
    model::Text,
};

#[derive(Deserialize)]
struct TokenAnswer {
    sessionid: Text,
}

impl Client {
    /// Succeeds exactly if the server accepts the session as a signed-in user's.
    ///
    /// # Errors
    /// [`ApiError::SignInNeeded`] if the session is not valid, [`ApiError::Ageing`] if it must be renewed,
    /// [`ApiError::NotOffered`] on 2024 servers.
    pub async fn token(&self) -> ApiResult<()> {
        let answer = self
            .get_json::<TokenAnswer>("token", "/api/token/", &[])
            .await;
        match answer {
            // Anything but an echo of our own token is someone else's answer, from a cache in between.
            Ok(answer) => match (answer.sessionid.get(), self.session_token()) {
                (Some(echo), Some(token)) if echo == token.expose() => Ok(()),
                _ => Err(ApiError::NotFragalysis),
            },
            // Any other refusal here also means "not signed in": the server has a different message for each cause.
            Err(ApiError::NoAccess {
                message: message @ Some(_),
                ..
            }) => Err(ApiError::SignInNeeded { message }),
            Err(error) => Err(error),
        }
    }
}
