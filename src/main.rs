//! Starts the program: arguments, log, runtime, then the window or a command.

fn main() -> std::process::ExitCode {
    use clap::Parser as _;
    use fragalysis_desktop::cli;
    let cli = cli::Cli::parse();
    let rt = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let exit = rt.block_on(cli::run(
        &cli,
        cli.command.as_ref().unwrap(),
        cli::TokenSource::default(),
        &mut cli::Console::standard(),
    ));
    std::process::ExitCode::from(exit.code())
}
