//! Addresses: the street stays, for what is asked about a street is worth knowing; the number of the house goes.

use super::What;
use super::text::{Text, Word};

/// How streets end.
const STREET_ENDINGS: &[&str] = &[
    "gatan",
    "gata",
    "vägen",
    "väg",
    "gränd",
    "gränden",
    "stigen",
    "stig",
    "torget",
    "torg",
    "allén",
    "allé",
    "alle",
    "backen",
    "backe",
    "planen",
    "plan",
    "platsen",
    "plats",
    "leden",
    "kajen",
    "kaj",
    "stråket",
    "esplanaden",
    "brinken",
    "brink",
    "liden",
    "slingan",
    "ringen",
    "rundan",
    "kroken",
    "höjden",
    "vallen",
    "ängen",
    "lunden",
    "hagen",
    "kullen",
    "svängen",
    "byväg",
    "parken",
    "stranden",
    "terrassen",
    "passagen",
    "promenaden",
    "trappan",
    "grand",
    "gatu",
    "vagen",
    "vag",
    "varvet",
    "dalen",
    "åsen",
    "udden",
    "viken",
    "bergen",
    "berget",
    "gården",
    "gård",
    "sluttningen",
    "tunet",
    "tået",
    "marken",
    "skogen",
];
/// Words that end like a street and are none; numbers after them say something else.
const NO_STREETS: &[&str] = &[
    "väg",
    "riksväg",
    "länsväg",
    "europaväg",
    "motorväg",
    "vägen",
    "plan",
    "detaljplan",
    "plats",
    "platsen",
    "planen",
    "våningsplan",
    "skolgård",
    "skolgården",
    "förskolegård",
    "idrottsplats",
    "badplats",
    "lekplats",
    "lekplatsen",
    "marken",
    "skogen",
    "parken",
    "stranden",
    "badplatsen",
    "idrottsplatsen",
    "kyrkogård",
    "kyrkogården",
    "bygården",
    "trappan",
    "ringen",
    "äldreboendet",
    "dalen",
    "berget",
    "åsen",
    "viken",
    "park",
    "lunden",
    "stig",
    "gård",
    "gården",
    "fotbollsplan",
    "grusplan",
    "planlagd",
    "handlingsplan",
    "likabehandlingsplan",
    "parkeringsplats",
    "parkeringsplatsen",
    "uteplats",
    "campingplats",
    "båtplats",
    "båtplatsen",
    "gästplats",
    "arbetsplats",
    "arbetsplatsen",
    "översiktsplan",
    "översiktsplanen",
    "detaljplanen",
    "förskoleplats",
    "skolplats",
    "boendeplats",
    "handikapplats",
    "cykelväg",
    "cykelvägen",
    "gångväg",
    "gångvägen",
    "skolväg",
    "skolvägen",
    "busshållplats",
    "hållplats",
    "hållplatsen",
    "mark",
    "markplan",
    "bottenplan",
    "genomfartsled",
    "vandringsled",
    "vandringsleden",
    "utsiktsplats",
    "rastplats",
    "grillplats",
    "återvinningsplats",
    "marknadsplats",
    "trygghetsboendet",
];
/// Words after a number that make it an amount and not the number of a house.
const COUNTED: &[&str] = &[
    "timmar",
    "timme",
    "dagar",
    "dag",
    "veckor",
    "vecka",
    "månader",
    "månad",
    "år",
    "kr",
    "kronor",
    "st",
    "stycken",
    "gånger",
    "gång",
    "barn",
    "personer",
    "minuter",
    "min",
    "meter",
    "m",
    "km",
    "mil",
    "cm",
    "bilar",
    "träd",
    "lampor",
    "kvm",
    "rum",
    "rok",
    "procent",
    "hus",
    "lägenheter",
    "stolpar",
    "platser",
    "åringar",
    "klass",
    "november",
    "december",
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
];
/// Words after which a number is a home's.
const HOME_CUES: &[&str] = &["lgh", "lägenhet", "lägenheten", "lägenhetsnummer", "lägenhetsnr", "lght"];
/// Words after which somebody says where they live: any word and a number is an address then.
const LIVE_CUES: &[&str] =
    &["bor", "boende", "bostad", "adress", "adressen", "hemma", "flyttar", "flyttat", "bodde", "hämtadress"];

/// Masks the numbers of houses and flats.
pub(super) fn mask(text: &mut Text) {
    let words = text.words();
    for (n, number) in words.iter().enumerate().filter(|(_, word)| is_house_number(&word.folded)) {
        let Some(street) = n.checked_sub(1).and_then(|n| words.get(n)) else { continue };
        let next = words.get(n + 1).filter(|next| next.at.start <= number.at.end + 1);
        if next.is_some_and(|next| COUNTED.contains(&next.folded.as_str())) {
            continue;
        }
        let apart = text.text(street.at.end..number.at.start);
        let beside = apart.chars().all(|c| matches!(c, ' ' | ',')) && apart.chars().count() <= 2;
        let lives =
            words[n.saturating_sub(4)..n - 1].iter().any(|word| LIVE_CUES.contains(&word.folded.as_str()));
        let home = HOME_CUES.contains(&street.folded.as_str());
        if beside
            && (home
                || is_street(street)
                || (lives && street.folded.chars().all(char::is_alphabetic) && names_a_place(street)))
        {
            text.mark(number.at.start..with_stairs(text, &words, n), What::Address);
        }
    }
}

/// `3`, `14`, `14b`; years have four digits. The number of a flat has four, too: it is asked for after "lgh" only.
fn is_house_number(folded: &str) -> bool {
    let digits = folded.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &folded[digits..];
    (1..=4).contains(&digits)
        && rest.chars().count() <= 1
        && rest.chars().all(char::is_alphabetic)
        && !(digits == 4 && (folded.starts_with("19") || folded.starts_with("20")))
}

fn is_street(word: &Word) -> bool {
    let ends = STREET_ENDINGS.iter().any(|ending| word.folded.ends_with(ending));
    let bare = STREET_ENDINGS.contains(&word.folded.as_str()) && !word.capital;
    ends && !NO_STREETS.contains(&word.folded.as_str())
        && (!bare || matches!(word.folded.as_str(), "gatan" | "gränd" | "torget" | "byväg"))
}

/// Whether a word after "bor" may be where: not "bor på plan 3" or "bor 3 mil bort".
fn names_a_place(word: &Word) -> bool {
    const NO_PLACES: &[&str] = &[
        "plan", "våning", "på", "i", "för", "med", "om", "till", "ca", "cirka", "bara", "vi", "är", "och",
        "zon", "område", "klass", "trappa",
    ];
    !NO_PLACES.contains(&word.folded.as_str())
        && word.folded.chars().count() > 2
        && !NO_STREETS.contains(&word.folded.as_str())
}

/// The letter of the stairs stands apart sometimes: "Storgatan 14 B".
fn with_stairs(text: &Text, words: &[Word], n: usize) -> usize {
    let end = words[n].at.end;
    let letter = words.get(n + 1).filter(|next| {
        next.at.len() == 1
            && next.at.start == end + 1
            && text.char(next.at.start).is_alphabetic()
            && !matches!(next.folded.as_str(), "i" | "å" | "ö")
    });
    letter.map_or(end, |letter| letter.at.end)
}
