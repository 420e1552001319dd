use std::io;

use super::{transport::is_about_trust, *};

#[derive(Debug, thiserror::Error)]
#[error("error sending request")]
struct Sending(#[source] io::Error);

#[test]
fn a_lost_connection_is_not_a_trust_error() {
    for (kind, words, expected) in [
        (
            io::ErrorKind::InvalidData,
            "invalid peer certificate: UnknownIssuer",
            true,
        ),
        (
            io::ErrorKind::InvalidData,
            "received fatal alert: HandshakeFailure",
            true,
        ),
        (
            io::ErrorKind::UnexpectedEof,
            "peer closed connection without sending TLS close_notify",
            false,
        ),
        (io::ErrorKind::ConnectionReset, "tls handshake eof", false),
        (io::ErrorKind::ConnectionRefused, "refused", false),
    ] {
        let error = Sending(io::Error::new(kind, words));
        assert_eq!(is_about_trust(&error), expected, "{words}");
    }
}

#[test]
fn a_caller_that_tries_again_does_not_advise_to_do_so() {
    let down = ApiError::Down {
        message: Some("later".to_owned()),
        after: Some(Duration::from_mins(2)),
    };
    let (told, cause) = (down.to_string(), down.cause());
    assert!(told.contains("Try again in 2 minutes"), "{told}");
    assert_eq!(cause, "The server is down at the moment. It said: “later”");
}
