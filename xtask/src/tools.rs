//! What the tests need from the machine: installed with apt where that may be done, named in one message elsewhere.

use crate::failure::Failure;
use crate::shell::{find, run, say};
use std::path::Path;
use std::process::Command;

/// How it is seen that a package is on the machine.
enum Sign {
    /// One of these programs can be called.
    Program(&'static [&'static str]),
    /// A program in the `bin` of some version's folder, where Debian keeps several beside each other.
    Versioned { folder: &'static str, program: &'static str },
    /// Python finds these modules: Debian brings parts of the language apart from it.
    Python(&'static str),
    /// A file lies there.
    File(&'static str),
}

/// What the tests use, and the Debian or Ubuntu package that brings it.
struct Tool {
    sign: Sign,
    package: &'static str,
    purpose: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        sign: Sign::Versioned { folder: "/usr/lib/postgresql", program: "initdb" },
        package: "postgresql",
        purpose: "the second storage engine",
    },
    Tool {
        sign: Sign::Program(&["chromium", "chromium-browser", "google-chrome"]),
        package: "chromium",
        purpose: "the pages and the browser telephone",
    },
    Tool { sign: Sign::Program(&["sipp"]), package: "sip-tester", purpose: "calls from a trunk" },
    Tool { sign: Sign::Program(&["baresip"]), package: "baresip-core", purpose: "a real SIP telephone" },
    Tool {
        sign: Sign::Program(&["aiosmtpd"]),
        package: "python3-aiosmtpd",
        purpose: "a mail server for letters to arrive at",
    },
    Tool {
        sign: Sign::Program(&["dovecot"]),
        package: "dovecot-imapd",
        purpose: "a mail server with mailboxes that letters are read from",
    },
    Tool {
        sign: Sign::Program(&["python3"]),
        package: "python3",
        purpose: "a stranger's program that reads the Open311 interface",
    },
    Tool {
        sign: Sign::Python("venv, ensurepip"),
        package: "python3-venv",
        purpose: "a place of its own for that program",
    },
    Tool {
        sign: Sign::Program(&["espeak-ng"]),
        package: "espeak-ng",
        purpose: "a voice that reads a crisis message aloud",
    },
    Tool {
        sign: Sign::File("/usr/share/hunspell/sv_SE.dic"),
        package: "hunspell-sv",
        purpose: "the dictionary that takes Swedish compounds apart",
    },
    Tool { sign: Sign::Program(&["openssl"]), package: "openssl", purpose: "the mail servers' certificates" },
];

impl Tool {
    fn is_there(&self) -> bool {
        match self.sign {
            Sign::Program(names) => names.iter().any(|name| find(name).is_some()),
            Sign::Versioned { folder, program } => {
                let versions = std::fs::read_dir(folder).into_iter().flatten().flatten();
                find(program).is_some()
                    || versions.into_iter().any(|version| version.path().join("bin").join(program).is_file())
            }
            Sign::Python(modules) => Command::new("python3")
                .args(["-c", &format!("import {modules}")])
                .output()
                .is_ok_and(|answer| answer.status.success()),
            Sign::File(path) => Path::new(path).is_file(),
        }
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
