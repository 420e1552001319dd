//! `/api/user/`: what the server says about the user (2025.10 and later).

use crate::{
    api::{ApiError, ApiResult, Client},
    model::{Memberships, UserInfo},
};

impl Client {
    /// Returns who the user is, which authenticator is used, and the user's target access strings.
    ///
    /// # Errors
    /// [`crate::api::ApiError::NotOffered`] on 2024 servers.
    pub async fn user(&self) -> ApiResult<UserInfo> {
        self.get_json("user", "/api/user/", &[]).await
    }

    /// Like [`Client::user`], with `None` if the server has no such answer, and the memberships that follow from it.
    ///
    /// # Errors
    /// The request failed. If only the memberships of an older server could not be read, they are
    /// [`Memberships::NotKnown`].
    pub async fn user_and_memberships(&self) -> ApiResult<(Option<UserInfo>, Memberships)> {
        match self.user().await {
            Ok(info) if self.has_token() => {
                let memberships = Memberships::listed(&info);
                Ok((Some(info), memberships))
            }
            Ok(info) => Ok((Some(info), Memberships::NotKnown)),
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) if self.has_token() => {
                let projects = self.projects().await.ok().filter(|list| list.complete);
                let memberships = projects.map(|list| Memberships::from_projects(&list.rows));
                Ok((None, memberships.unwrap_or_default()))
            }
            Err(ApiError::NotOffered | ApiError::NotFound { .. }) => {
                Ok((None, Memberships::NotKnown))
            }
            Err(error) => Err(error),
        }
    }
}
