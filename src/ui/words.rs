//! Texts that several pages share.

use jiff::Zoned;

use crate::{
    model::ServerAddress,
    state::{DemoHelp, Session},
    ui::widgets::Light,
};

/// Returns the name of the server if it has one, or else its host.
pub(super) fn server_name(server: &ServerAddress, demo: Option<&DemoHelp>) -> String {
    match server.as_str() {
        _ if demo.is_some_and(|demo| demo.address == *server) => "Demo".to_owned(),
        ServerAddress::PRODUCTION => "Production".to_owned(),
        ServerAddress::STAGING => "Staging".to_owned(),
        _ => server.host_text(),
    }
}

/// Returns the name of the server and its host: `Demo, 127.0.0.1:8080`. A server without a name has its host only.
pub(super) fn server_text(server: &ServerAddress, demo: Option<&DemoHelp>) -> String {
    let (name, host) = (server_name(server, demo), server.host_text());
    if name == host {
        host
    } else {
        format!("{name}, {host}")
    }
}

/// Returns `today at 10:42`, or the date and time, in the time zone of `at`.
pub(super) fn clock_time(at: &Zoned, now: &Zoned) -> String {
    let time = at.strftime("%H:%M");
    if at.date() == now.date() {
        format!("today at {time}")
    } else {
        format!("{} at {time}", at.strftime("%-d %b %Y"))
    }
}

/// Returns a date such as `24 Oct 2026`, in the time zone of `at`.
pub(super) fn day_text(at: &Zoned) -> String {
    at.strftime("%-d %b %Y").to_string()
}

/// Returns the light and the text for the state of the session.
pub(super) fn session_light(session: &Session) -> (Light, &'static str) {
    use crate::state::SessionState as S;
    let light = match session.state {
        S::SignedIn => Light::Ok,
        S::Anonymous | S::Unknown => Light::Unknown,
        S::Ageing => Light::Warning,
        S::Expired | S::Refused | S::Unreachable => Light::Error,
    };
    let words = match session.state {
        S::SignedIn => "Yes",
        S::Anonymous => "No, public data only",
        S::Ageing => "Renew in browser",
        S::Expired => "No: the session has ended",
        S::Refused => "No: the token is not accepted",
        S::Unreachable => "Not known: no answer",
        S::Unknown => "Not known",
    };
    (light, words)
}

/// Capitalises the first letter: for the beginning of a sentence.
pub(super) fn first_upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// Returns a day as the table shows it, `14 Mar 2024`, in the local time zone. `seconds` are Unix time.
pub(super) fn table_date(seconds: f64) -> String {
    let at = jiff::SignedDuration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|duration| jiff::Timestamp::from_duration(duration).ok());
    at.map_or_else(String::new, |at| {
        day_text(&at.to_zoned(jiff::tz::TimeZone::system()))
    })
}
