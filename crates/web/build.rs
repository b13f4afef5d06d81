//! Makes sure that the folder the browser's files are embedded from exists, and says what to do if it is empty.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=../../locales");
    if let Err(error) = std::fs::create_dir_all(&dist) {
        println!("cargo:warning=web/dist could not be made: {error}");
    }
    if !dist.join("main.js").exists() {
        println!(
            "cargo:warning=web/dist holds no main.js: pages will lack style and telephone. Run: npm ci --prefix web && npm run build --prefix web"
        );
    }
}
