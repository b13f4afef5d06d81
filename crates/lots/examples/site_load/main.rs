//! The public site under load: requests a second and times of the start page, an answer and a search, beside a static
//! file sent by the same server, which is as fast as this server can be.
//!
//! Everything lies in a folder under the system's own for temporary files; `TMPDIR` chooses the disk.

#![expect(clippy::print_stdout, reason = "a program whose result is what it prints")]

mod load;
mod town;

use std::error::Error;

/// Whatever goes wrong ends the measurement.
type Fault = Box<dyn Error + Send + Sync>;

/// How many articles lie on the shelf.
const ARTICLES: usize = 2_000;

fn main() -> Result<(), Fault> {
    if cfg!(debug_assertions) {
        println!("(dev profile: these are not the figures to compare with)");
    }
    let articles = match std::env::args().nth(1) {
        Some(articles) => {
            articles.parse().map_err(|e| format!("the number of articles, {articles:?}: {e}"))?
        }
        None => ARTICLES,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let site = runtime.block_on(town::open(articles))?;
    println!(
        "public site with {articles} articles; {} connections at once, {} requests each, kept alive:",
        load::CONNECTIONS,
        load::REQUESTS_PER_CONNECTION
    );
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", site.web);
    let file = load::measure("GET /assets/site.css, a static file", site.web, |_| get("/assets/site.css"))?;
    let told = |name: &str, asked: &(dyn Fn(usize) -> String + Sync)| -> Result<(), Fault> {
        let rate = load::measure(name, site.web, asked)?;
        println!("    {:.2} of the static file's rate", rate / file);
        Ok(())
    };
    told("GET /questions", &|_| get("/questions"))?;
    told("GET /questions/{slug}", &|n| get(&format!("/questions/{}", town::slug(n * 131 % articles))))?;
    told("GET /questions/topics/{slug}", &|_| get("/questions/topics/teknik"))?;
    told("POST /site/find, two words", &|n| {
        let body = format!(
            "query={}+{}",
            town::MATTERS[n % town::MATTERS.len()],
            town::PLACES[n * 7 % town::PLACES.len()]
        );
        let head = "Content-Type: application/x-www-form-urlencoded";
        format!(
            "POST /site/find HTTP/1.1\r\nHost: {}\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}",
            site.web,
            body.len()
        )
    })?;
    site.close();
    Ok(())
}
