//! What the tests need from the machine: installed with apt where that may be done, named in one message elsewhere.

use crate::failure::Failure;
use crate::shell::{find, run, say};
use std::path::Path;
use std::process::Command;

/// A program the tests use and the Debian or Ubuntu package that brings it.
struct Tool {
    programs: &'static [&'static str],
    folder_glob: Option<&'static str>,
    package: &'static str,
    purpose: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        programs: &["initdb"],
        folder_glob: Some("/usr/lib/postgresql"),
        package: "postgresql",
        purpose: "the second storage engine",
    },
    Tool {
        programs: &["chromium", "chromium-browser", "google-chrome"],
        folder_glob: None,
        package: "chromium",
        purpose: "the pages and the browser telephone",
    },
    Tool { programs: &["sipp"], folder_glob: None, package: "sip-tester", purpose: "calls from a trunk" },
    Tool {
        programs: &["baresip"],
        folder_glob: None,
        package: "baresip-core",
        purpose: "a real SIP telephone",
    },
    Tool {
        programs: &["aiosmtpd"],
        folder_glob: None,
        package: "python3-aiosmtpd",
        purpose: "a mail server for letters to arrive at",
    },
    Tool {
        programs: &["dovecot"],
        folder_glob: None,
        package: "dovecot-imapd",
        purpose: "a mail server with mailboxes that letters are read from",
    },
    Tool {
        programs: &["python3"],
        folder_glob: None,
        package: "python3",
        purpose: "a stranger's program that reads the Open311 interface",
    },
    Tool {
        // Debian brings the part that makes an environment apart from the language.
        programs: &[],
        folder_glob: None,
        package: "python3-venv",
        purpose: "a place of its own for that program",
    },
    Tool {
        programs: &["espeak-ng"],
        folder_glob: None,
        package: "espeak-ng",
        purpose: "a voice that reads a crisis message aloud",
    },
    Tool {
        programs: &["openssl"],
        folder_glob: None,
        package: "openssl",
        purpose: "the mail servers' certificates",
    },
];

impl Tool {
    fn is_there(&self) -> bool {
        if self.package == "python3-venv" {
            let asked = Command::new("python3").args(["-c", "import venv, ensurepip"]).output();
            return asked.is_ok_and(|answer| answer.status.success());
        }
        let in_folder = self.folder_glob.is_some_and(|folder| {
            std::fs::read_dir(folder).into_iter().flatten().flatten().any(|version| {
                self.programs.iter().any(|p| Path::new(&version.path()).join("bin").join(p).is_file())
            })
        });
        in_folder || self.programs.iter().any(|p| find(p).is_some())
    }
}

/// Installs what is missing, saying so; where that is not possible, fails with one message that names it all.
pub fn install() -> Result<(), Failure> {
    let missing: Vec<&Tool> = TOOLS.iter().filter(|t| !t.is_there()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|t| t.package).collect();
    let list: Vec<String> =
        missing.iter().map(|t| format!("  {:<12} for {}", t.package, t.purpose)).collect();
    let by_hand = format!(
        "the tests need these packages, which are not on this machine:\n{}\nInstall them with\n  sudo apt-get install {}\nand run the tests again. (`cargo test` runs what can be run without them.)",
        list.join("\n"),
        packages.join(" ")
    );
    let Some(mut prefix) = apt_prefix() else { return Err(Failure::new(by_hand)) };
    say(&format!("installing with apt-get: {}", packages.join(", ")));
    let apt = |prefix: &mut Vec<&'static str>, arguments: &[&str]| {
        let mut command = Command::new(prefix[0]);
        command.args(&prefix[1..]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command)
    };
    let installed = apt(&mut prefix, &["update", "-qq"]).and_then(|()| {
        let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
        arguments.extend(&packages);
        apt(&mut prefix, &arguments)
    });
    installed.map_err(|failure| Failure::new(format!("{failure}\n{by_hand}")))
}

/// How apt-get may be called here: as root, by sudo without a password, or not at all.
fn apt_prefix() -> Option<Vec<&'static str>> {
    find("apt-get")?;
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() == b"0" {
        return Some(vec!["apt-get"]);
    }
    let sudo = Command::new("sudo").args(["-n", "true"]).output().ok()?;
    sudo.status.success().then(|| vec!["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
}
