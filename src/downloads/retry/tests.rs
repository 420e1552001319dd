use super::*;

fn api(error: ApiError) -> DownloadError {
    DownloadError::Api(error)
}

#[test]
fn temporary_failures_are_retried_and_permanent_ones_are_not() {
    let what = String::new;
    let nothing = [
        api(ApiError::NoAccess {
            message: None,
            is_signed_in: true,
        }),
        api(ApiError::NotFragalysis),
        api(ApiError::Ageing),
        DownloadError::Cancelled,
        DownloadError::DiskFull {
            need: None,
            free: None,
        },
    ];
    for error in nothing {
        assert_eq!(recovery_for(&error), Recovery::Nothing, "{error}");
    }
    for (error, expected) in [
        (
            api(ApiError::Busy {
                message: None,
                after: None,
            }),
            Recovery::ServerBusy,
        ),
        (api(ApiError::TooSlow { message: None }), Recovery::Build),
        (api(ApiError::ServerError { message: None }), Recovery::Once),
        (api(ApiError::TooLarge { message: None }), Recovery::Smaller),
        (
            api(ApiError::LinkExpired { message: None }),
            Recovery::Reorder,
        ),
        (
            api(ApiError::ArchiveFailed { message: None }),
            Recovery::ReorderOnce,
        ),
        (api(ApiError::Unexpected { message: None }), Recovery::Once),
        (api(ApiError::CutShort), Recovery::Transfer),
        (DownloadError::CutShort, Recovery::FetchAgain),
        (
            DownloadError::Unsafe { what: what() },
            Recovery::RefetchOnce,
        ),
        (
            DownloadError::Unsupported { what: what() },
            Recovery::RefetchOnce,
        ),
        (
            DownloadError::Truncated {
                received: 1,
                expected: 2,
            },
            Recovery::Transfer,
        ),
    ] {
        assert_eq!(recovery_for(&error), expected, "{error}");
    }
}

#[test]
fn every_kind_of_failure_is_given_up_in_the_end() {
    let patience = Timeouts {
        network: Duration::ZERO,
        ..Timeouts::default()
    };
    let transient = [
        ApiError::Busy {
            message: None,
            after: None,
        },
        ApiError::TooSlow { message: None },
        ApiError::ServerError { message: None },
        ApiError::LinkExpired { message: None },
        ApiError::ArchiveFailed { message: None },
        ApiError::Unexpected { message: None },
        ApiError::CutShort,
    ];
    for error in transient {
        let error = api(error);
        let mut trouble = RetryState::default();
        let turns = (0..100)
            .take_while(|_| {
                let next = trouble.judge(&error, patience, false);
                !matches!(next, Next::GiveUp | Next::Divide)
            })
            .count();
        assert!(turns < 20, "{error} is tried {turns} times");
    }
}

#[test]
fn a_transfer_that_breaks_twice_is_divided_unless_it_can_resume() {
    let broken = DownloadError::Truncated {
        received: 1,
        expected: 2,
    };
    let patience = Timeouts::default();
    let mut trouble = RetryState::default();
    assert!(matches!(
        trouble.judge(&broken, patience, false),
        Next::Wait(_)
    ));
    assert_eq!(trouble.judge(&broken, patience, false), Next::Divide);
    assert!(matches!(
        trouble.judge(&broken, patience, true),
        Next::Wait(_)
    ));
}

#[test]
fn resuming_without_new_bytes_ends_soon() {
    let broken = DownloadError::Truncated {
        received: 1,
        expected: 2,
    };
    let mut trouble = RetryState::default();
    let mut next = || trouble.judge(&broken, Timeouts::default(), true);
    assert!(matches!((next(), next()), (Next::Wait(_), Next::Wait(_))));
    assert_eq!(next(), Next::BeginAgain);
    assert!(matches!((next(), next()), (Next::Wait(_), Next::Wait(_))));
    assert_eq!(next(), Next::Divide);
    // As long as bytes arrive, it continues.
    let mut trouble = RetryState::default();
    for _ in 0..20 {
        assert!(matches!(
            trouble.judge(&broken, Timeouts::default(), true),
            Next::Wait(_)
        ));
        trouble.has_progressed();
    }
}
