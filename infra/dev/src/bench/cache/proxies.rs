//! The caching proxies that we compare with, each with one worker, warmed, and set to keep the page for the whole run: in
//! production they would have to ask for it again every second.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use nix::sys::signal::Signal;

use crate::programs::find_in_path;
use crate::stack::process::{ProcessSpec, wave};
use crate::stack::readiness::Readiness;

/// nginx with `proxy_cache`, and everything on that its manual says about speed.
pub fn nginx(directory: &Path, port: u16, origin: u16) -> Result<ProcessSpec> {
    let program = find_in_path("nginx").context("nginx is not installed")?;
    std::fs::create_dir_all(directory)?;
    let scratch: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", directory.display()))
        .concat();
    let settings = format!(
        "daemon off; master_process off; worker_processes 1;
pid {directory}/pid; error_log stderr error;
events {{ worker_connections 1024; }}
http {{
access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
open_file_cache max=1000 inactive=1h;
proxy_cache_path {directory}/cache keys_zone=pages:10m inactive=1h;
{scratch}
server {{
listen 127.0.0.1:{port};
location = /readyz {{ return 200; }}
location / {{
proxy_pass http://127.0.0.1:{origin};
proxy_cache pages; proxy_cache_valid 200 1h; proxy_ignore_headers Cache-Control Expires;
}}
}}
}}
",
        directory = directory.display()
    );
    let file = directory.join("nginx.conf");
    std::fs::write(&file, settings)?;
    Ok(process("nginx", program, vec!["-p".into(), directory.into(), "-c".into(), file.into()], port))
}

/// Varnish with its pages in memory.
pub fn varnish(directory: &Path, port: u16, origin: u16) -> Result<ProcessSpec> {
    let program = find_in_path("varnishd").context("Varnish is not installed")?;
    std::fs::create_dir_all(directory)?;
    let rules = format!(
        "vcl 4.1;
backend default {{ .host = \"127.0.0.1\"; .port = \"{origin}\"; }}
sub vcl_recv {{ if (req.url == \"/readyz\") {{ return (synth(200)); }} }}
sub vcl_backend_response {{ set beresp.ttl = 1h; }}
"
    );
    let file = directory.join("rules.vcl");
    std::fs::write(&file, rules)?;
    let address = format!("127.0.0.1:{port}");
    let mut args = vec!["-F".into(), "-j".into(), "none".into(), "-T".into(), "none".into()];
    args.extend(["-n".into(), directory.join("work").into(), "-a".into(), address.into(), "-f".into(), file.into()]);
    args.extend(["-s", "malloc,64m", "-p", "thread_pools=1"].map(Into::into));
    Ok(process("varnish", program, args, port))
}

fn process(name: &str, program: std::path::PathBuf, args: Vec<std::ffi::OsString>, port: u16) -> ProcessSpec {
    ProcessSpec {
        name: name.to_owned(),
        program,
        args,
        env: Vec::new(),
        run_as: None,
        wave: wave::BALANCER,
        port,
        readiness: Readiness::Http { port },
        stop_signal: Signal::SIGTERM,
        stop_patience: Duration::from_secs(5),
    }
}
