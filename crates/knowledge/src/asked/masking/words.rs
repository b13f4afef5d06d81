//! Words by which names are told from what is not a name.

/// Words that no name is: what stands between names and the rest of a question.
pub(super) const PLAIN: &str = "
    jag du han hon den det vi ni de dem mig dig sig oss er honom henne min mitt mina din ditt dina sin sitt sina vår vårt våra
    ert era hans hennes dess deras man en ett någon något några ingen inget inga alla allt annan andra samma själv
    och eller men utan för att som om när då där här hur var vart varför vad vem vilken vilket vilka vems inte ej aldrig alltid
    i på av till från med under över hos vid mot mellan efter före innan sedan utanför inom genom kring runt utom enligt utan ur
    är var vara varit blir bli blev blivit har hade haft ha får fick fått få kan kunde kunnat ska skall skulle vill ville velat
    måste bör borde behöver behövde behöva går gick gått gå kommer kom kommit komma gör gjorde gjort göra ger gav gett ge tar tog
    tagit ta ser såg sett se står stod stått stå ligger låg legat sitter satt bor bodde bott bo heter hette hetat kallas söker
    sökte sökt söka ansöker ansökt ansöka flyttar flyttade flyttat flytta ringer ringde ringt ringa undrar undrade undra frågar
    fråga frågor vet visste veta tycker tror tycks hittar hittade hitta finns fanns funnits bygger byggde byggt bygga köper köpte
    köpt köpa säljer sålde sålt sälja jobbar jobbat jobba arbetar arbetat arbeta betalar betalat betala börjar började börjat
    börja slutar slutat sluta åker åkte åkt åka kör körde kört köra hämtar hämtat hämta lämnar lämnat lämna fyller fyllt fylla
    anmäler anmält anmäla överklagar överklagat bokar bokat boka mår mådde sover saknar saknat öppnar öppna öppet stänger stängt
    dog avled avliden avlidit död född fött sjuk frisk gravid dement gammal gammalt gamla ny nytt nya stor stort stora liten litet
    små ung unga äldre yngre ensam arbetslös allergisk inlagd hemma borta idag imorgon igår nu snart redan kvar också även bara
    hej hejsan god dag morgon tack snälla mvh hälsning hälsningar ang angående gällande rörande till åt
    son sonen sons dotter dottern dotters barn barnet barnets barnen make maken maka makan fru frun hustru hustrun sambo sambon
    mamma mamman pappa pappan mor far mormor morfar farmor farfar bror brodern syster systern granne grannen grannar chef chefen
    lärare läraren rektor rektorn läkare läkaren doktor handläggare handläggaren sekreterare kurator mentor kontaktperson
    skola skolan förskola förskolan dagis fritids kommun kommunen kommunens bygglov sopor parkering tillstånd bidrag avgift faktura
    ansökan anmälan blankett telefon telefonnummer nummer numret mail mejl epost adress personnummer personnr namn namnet
    ett två tre fyra fem sex sju åtta nio tio år månader veckor dagar timmar kontakta ring sök kontakt person personer
    skolskjuts färdtjänst hemtjänst boende lägenhet hus plats platser kö köplats taxi buss bil hund katt möte tid tider
";

/// Words that stand right after a name more often than after anything else.
pub(super) const VERBS: &str = "
    är har hade får fick kan kunde ska skall skulle vill måste behöver behövde går gick kommer gör ger tar bor bodde heter söker
    flyttar börjar började slutar åker mår saknar blev blir fyller sitter ligger undrar vägrar trivs dog avled
";

/// Whom somebody speaks of, before saying the name.
pub(super) const PEOPLE: &str = "
    son sonen sons dotter dottern dotters man mannen fru frun hustru hustrun make maken maka makan sambo sambon särbo mamma
    mamman pappa pappan mor far mormor farmor morfar farfar bror brodern brorsa brorsan syster systern syrra syrran barn barnet barnbarn
    barnbarnet tjej tjejen kille killen flickvän pojkvän fästman granne grannen kompis kompisen vän vännen väninna kollega kollegan chef
    chefen handläggare handläggaren läkare läkaren lärare läraren lärarinna fröken rektor rektorn kurator kuratorn doktor doktorn dr
    advokat advokaten förvaltare förvaltaren kontaktperson moster faster kusin kusinen farbror morbror svärmor svärfar svåger svägerska
    styvson styvdotter fosterbarn boendestödjare brukare brukaren elev eleven patient patienten herr fru mr mrs socialsekreterare
    socialsekreteraren biståndshandläggare biståndshandläggaren undersköterska hemtjänstpersonal vårdnadshavare målsman arbetskamrat
    exmake exfru exman ex hyresvärd hyresvärden hyresgäst mentor mentorn tvilling tvillingarna bonusson bonusdotter sondotter dotterson
    sonson dotterdotter brorson systerson brorsdotter systerdotter gudson guddotter tolken tolk pojke pojken flicka flickan bebis bebisen
    lillebror lillasyster storebror storasyster kommunalrådet kommunalråd borgmästare enhetschef enhetschefen politikern läkarsekreterare
";

/// What a word after [`PEOPLE`] is when it is no name, though it also could be one.
pub(super) const NOT_AFTER_PEOPLE: &str = "
    åker åkare hans ville klara klarar rita ritar mina sina inga ute frisk modig glad stark lång snäll hård rask van val dag vår bor
    berg strand ström sand skog sjö mark park vik hall sten stig tage finn line lene tone ramla hakan roar tom tim rena vida vilda sam
    maj jul juli juni juno april nova penny saga viola dina love liv lo sol svensk dansk tysk finne kock bonde smed präst skarp mild
";

/// Words with a capital that are no one's name: points of the compass, institutions, languages, holidays.
pub(super) const CAPITAL_PLAIN: &str = "
    norra södra östra västra nedre övre inre yttre stora lilla gamla nya sankt sankta s:t svenska svensk region regionen landstinget
    länsstyrelsen polisen skatteverket försäkringskassan arbetsförmedlingen trafikverket migrationsverket folktandvården systembolaget
    röda korset rädda barnen hyresgästföreningen postnord sverige sveriges skåne stockholm stockholms göteborg göteborgs malmö uppsala
    norge danmark finland europa eu ikea ica coop willys lidl systembolaget google facebook apple android iphone bankid swish kivra
    windows microsoft teams skype gymnasium kommun stad centrum stadshuset kommunhuset medborgarhuset rådhuset vårdcentral vårdcentralen
    arabiska engelska finska somaliska ukrainska persiska polska tyska franska spanska persiska islam svenskt jul påsk midsommar
    januari februari mars april maj juni juli augusti september oktober november december måndag tisdag onsdag torsdag fredag lördag
    söndag halland blekinge småland värmland dalarna norrland västerbotten norrbotten jämtland hälsingland gästrikland uppland
    södermanland östergötland västergötland bohuslän dalsland öland gotland närke götaland svealand lappland vision skolverket socialstyrelsen
    boverket naturvårdsverket lantmäteriet bolagsverket kronofogden pensionsmyndigheten transportstyrelsen vellinge
";

/// How the names of places and institutions end.
pub(super) const PLACE_ENDINGS: &[&str] = &[
    "gatan",
    "vägen",
    "torget",
    "gränd",
    "stigen",
    "parken",
    "skolan",
    "hallen",
    "huset",
    "centralen",
    "kontoret",
    "nämnden",
    "förvaltningen",
    "tjänsten",
    "verket",
    "kassan",
    "vården",
    "centrum",
    "biblioteket",
    "kyrkan",
    "museet",
    "gymnasiet",
    "badet",
    "stationen",
    "hamnen",
    "gården",
    "bron",
    "sjön",
    "viken",
    "dalen",
    "köping",
    "holmen",
    "kommun",
    "kommunen",
    "stan",
    "staden",
    "lunda",
    "tuna",
    "sala",
    "boda",
    "torp",
    "arenan",
    "planen",
    "vallen",
    "udden",
    "näset",
    "slottet",
    "teatern",
    "mässan",
    "boendet",
    "hemmet",
    "mottagningen",
    "akuten",
    "sjukhuset",
    "områden",
    "området",
    "bolaget",
    "förbundet",
    "föreningen",
    "klubben",
    "festivalen",
];

/// What makes the name before it the name of a place: "Gustav Adolfs torg", "Astrid Lindgrens skola".
pub(super) const PLACES: &str = "
    torg gata väg plats park skola förskola kyrka gränd bro allé backe stig trädgård museum gård minne hus sjukhus barnsjukhus
    församling gymnasium stiftelse fond esplanad kajen hamn ö strand
";

/// Small words inside names.
pub(super) const PARTICLES: &[&str] = &[
    "von", "af", "av", "de", "da", "dos", "van", "der", "den", "al", "el", "bin", "ibn", "ben", "abu", "la",
    "le", "du", "del",
];
