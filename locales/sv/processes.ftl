## Tider och steg

day-and-time = { $day } kl. { $time }
due = { $unit ->
    [working_days] { $amount } { $amount ->
        [one] arbetsdag
       *[other] arbetsdagar
    }
    [days] { $amount } { $amount ->
        [one] dag
       *[other] dagar
    }
    [hours] { $amount } { $amount ->
        [one] timme
       *[other] timmar
    }
   *[minutes] { $amount } { $amount ->
        [one] minut
       *[other] minuter
    }
}
step-kind = { $kind ->
    [form] Formulär
    [booking] Bokning av tid
    [letter] Brev
    [hand_out] Utlämning i receptionen
   *[call_out] Utryckning
}
step-who = { $who ->
    [guide] Kontaktcenter
    [department] Förvaltningen
   *[resident] Invånaren
}
step-mark = { $mark ->
    [not_reached] Inte aktuellt än
    [waiting] Väntar på andra steg
    [open] Att göra
    [done] Klart
    [skipped] Överhoppat
   *[broken_off] Avbrutet
}
act = { $act ->
    [completed] Klart
    [skipped] Överhoppat
    [booked] Tid bokad
    [moved] Tiden flyttad
    [cancelled] Tiden avbokad
    [sent] Skickat
    [handed_out] Utlämnat
    [called] Entreprenören larmad
    [acknowledged] Kvitterat
   *[undone] Ångrat
}
identity = { $check ->
    [passport] Pass
    [driving_licence] Körkort
    [identity_card] Nationellt id-kort eller Skatteverkets id-kort
    [service_card] SIS-märkt tjänstekort eller företagskort
    [residence_permit] Uppehållstillståndskort
   *[proxy] Fullmakt, och ombudets egen legitimation
}
yes-no = { $yes ->
    [yes] ja
   *[no] nej
}

## Brev om bokade tider

booking-subject = { $news ->
    [booked] Bokad tid i ärende { $number }
    [moved] Ny tid i ärende { $number }
    [reminder] Påminnelse om din tid i ärende { $number }
   *[cancelled] Avbokad tid i ärende { $number }
}
booking-body = { $news ->
    [booked] Du har en bokad tid { $when }. Den gäller ärende { $number }.
    [moved] Din tid är ändrad. Den nya tiden är { $when }. Den gäller ärende { $number }.
    [reminder] Vi påminner om din tid { $when }. Den gäller ärende { $number }.
   *[cancelled] Din tid { $when } är avbokad. Den gällde ärende { $number }. Kontakta oss om du vill ha en ny tid.
}
booking-place = Plats: { $place }
booking-link =
    Här kan du se tiden och avboka den:
    { $link }

## Brev om steg och utryckningar

step-subject = Ärende { $number }: { $step }
step-of-secret = ett steg att göra
step-term = Det ska vara klart { $when }.
step-no-term = Gör det så snart du kan.
step-body =
    Hej!

    I ärende { $number } finns ett steg för dig att göra: { $step }.
    { $due }

    Öppna steget här. Du behöver inget lösenord:
    { $link }

    Vänliga hälsningar
    Kontaktcenter, { $municipality }
call-subject = Akut utryckning, ärende { $number }
call-body =
    AKUT { $municipality } { $number }
    { $text }
    Kvittera inom { $minutes } min:
    { $link }
unanswered-subject = Ingen entreprenör har svarat i ärende { $number }
unanswered-body =
    Hej!

    Ingen av de entreprenörer som har larmats i ärende { $number } har kvitterat utryckningen.
    Kontaktcenter ringer dem nu, men ni behöver veta att åtgärden är försenad.

    Vänliga hälsningar
    Kontaktcenter, { $municipality }

## Fel i en processbeskrivning

fault-meant = {" "}Menade du ”{ $near }”?
fault-too-large = Beskrivningen är för lång. Den får vara högst { $max } 000 tecken.
fault-syntax = { $why ->
    [duplicate] Samma ord står två gånger i samma del. Ta bort det ena.
    [quote] Citattecknen stämmer inte. En text börjar och slutar med " och en text över flera rader med """.
    [equals] Här ska stå ett ord, ett likhetstecken och ett värde, till exempel name = "Boka tid".
    [bracket] En parentes fattas eller är en för mycket. Ett steg börjar med [[step]] och en lista står mellan [ och ].
   *[other] Raden går inte att läsa. Kontrollera citattecken, likhetstecken och hakparenteser här och på raden före.
}
fault-missing = { $key ->
    [step] Det finns inga steg. Ett steg börjar med [[step]].
    [end] Det finns inga slut. Ett slut börjar med [[end]].
   *[other] ”{ $key }” saknas.
}
fault-unknown-key = ”{ $key }” betyder ingenting här.{ $meant }
fault-wrong-sort = ”{ $key }” ska vara { $wanted ->
    [text] en text mellan citattecken
    [texts] en lista med texter, till exempel ["a", "b"]
    [number] ett heltal utan citattecken
    [yes_no] true eller false, utan citattecken
   *[tables] delar som börjar med [[…]]
}.
fault-too-long = Texten i ”{ $key }” är för lång. Den får vara högst { $max } tecken.
fault-not-a-key = ”{ $text }” duger inte som nyckel. En nyckel skrivs med a–z, 0–9 och _, börjar med en bokstav och är högst 40 tecken.
fault-out-of-range = ”{ $key }” ska vara mellan { $min } och { $max }.
fault-not-a-word = ”{ $key }” kan inte vara ”{ $text }”. Det kan vara: { $allowed }.
fault-twice = Det finns redan { $what ->
    [step] ett steg eller slut
    [end] ett steg eller slut
    [field] en fråga
   *[option] ett val
} med nyckeln ”{ $key }”, på rad { $first }.
fault-own-blank = ”{ $key }” fylls i av Lots självt och kan inte vara nyckel för en fråga.
fault-process-twice = Det finns redan en process med koden ”{ $key }”. Öppna den och ändra där, eller välj en annan kod.
fault-too-many = För många ”{ $what }”: högst { $max }.
fault-not-for-kind = ”{ $key }” hör inte till { $kind ->
    [form] ett steg av sorten form
    [booking] ett steg av sorten booking
    [letter] ett steg av sorten letter
    [hand_out] ett steg av sorten hand_out
    [call_out] ett steg av sorten call_out
    [guide] ett steg som kontaktcenter gör
    [resident] ett steg som invånaren gör
   *[other] en fråga av typen { $kind }
}.
fault-not-a-term = ”{ $text }” är ingen tidsfrist. Skriv till exempel ”2 arbetsdagar”, ”4 timmar”, ”30 minuter” eller ”1 arbetsdag efter boka_tid”.
fault-term-from = Fristen räknas från steget ”{ $step }”, men det är inte ett steg som bokar en tid före det här.
fault-unknown-target = Vägen leder till ”{ $key }”, som inte finns.{ $meant }
fault-no-way-on = Från steget ”{ $step }” leder ingen väg vidare. Lägg till [[step.next]] med to = "…".
fault-dead-end = Sista vägen från steget ”{ $step }” gäller inte alltid. Om inget villkor stämmer fastnar ärendet. Lägg till en sista väg utan when och at_most.
fault-never-taken = Den här vägen från steget ”{ $step }” tas aldrig, eftersom en väg före den alltid gäller.
fault-unreachable = { $what ->
    [step] Steget ”{ $key }” nås aldrig: ingen väg leder dit.
   *[end] Slutet ”{ $key }” nås aldrig: ingen väg leder dit.
}
fault-endless = Stegen kan gå runt hur länge som helst: { $round }. Ge vägen tillbaka ett tak, till exempel at_most = 3.
fault-side-by-side = Från steget ”{ $from }” går flera vägar sida vid sida, och de möts i ”{ $key }” utan att samlas. Ge steget där de möts gather = true (eller slutet cancels = true, om det ska avbryta resten).
fault-gather-in-round = Steget ”{ $step }” samlar vägar (gather) men ligger på en väg som leder tillbaka. Flytta vägen tillbaka så att den inte går genom steget.
fault-too-early = Svaret på ”{ $field }” finns inte än här: frågan ställs i steget ”{ $step }”, som inte kommer före.
fault-unknown = { $what ->
    [case_type] Det finns ingen ärendetyp med koden
    [recipient] Det finns ingen handläggare eller förvaltning som heter
    [resource] Det finns ingen bokningsbar resurs med koden
   *[contractor] Det finns ingen entreprenör med koden
} ”{ $text }”.{ $meant }
fault-open-brace = En klammer saknar sin andra hälft. En lucka skrivs {"{"}namn{"}"}; vill du ha en klammer i texten skriver du två.
fault-unknown-blank = Luckan {"{"}{ $text }{"}"} fylls inte av någon fråga.{ $meant }
fault-sensitive-travels = Svaret på ”{ $field }” är känsligt (sensitive) och får inte stå i ett meddelande som skickas med e-post eller sms.
fault-type-taken = Ärendetypen har redan en process: ”{ $process }”. Öppna den i stället, eller välj en annan ärendetyp.
fault-other-code = Koden är processens namn i alla versioner och ska vara ”{ $wanted }”.
condition-length = Villkoret är tomt eller längre än { $max } tecken.
condition-unexpected = Villkoret går inte att läsa vid ”{ $text }”. Skriv till exempel: intyg = ja och antal > 2.
condition-unfinished = Villkoret tar slut för tidigt. Skriv till exempel: intyg = ja och antal > 2.
condition-open-quote = Ett citattecken i villkoret saknar sin andra hälft.
condition-too-deep = Villkoret har för många parenteser i varandra.
condition-unknown-field = Villkoret frågar efter ”{ $field }”, som ingen fråga heter.{ $meant }
condition-not-yes-no = ”{ $field }” är ingen ja/nej-fråga. Jämför den med något, till exempel { $field } = …
condition-not-by-size = ”{ $field }” kan inte jämföras med < eller >. Det kan bara tal och datum.
condition-can = { $can ->
    [text] en text mellan citattecken
    [date] ett datum som 2026-11-03
    [number] ett heltal
    [yes_no] ja eller nej
   *[other] { $can }
}
condition-wrong-value = ”{ $field }” kan inte vara { $value }. Det kan vara: { $can }.

## Svar och hinder

answer-missing = Svara på frågan.
answer-too-long = Skriv högst { $max } tecken.
answer-unprintable = Texten innehåller tecken som inte går att visa.
answer-not-a-choice = Välj ett av alternativen.
answer-not-a-day = Skriv ett datum.
answer-not-a-number = Skriv ett heltal mellan { $min } och { $max }.
answer-not-yes-no = Svara ja eller nej.
refused = { $why ->
    [ended] Processen är redan slut.
    [no_such_step] Steget finns inte.
    [not_open] Steget är redan gjort, eller inte aktuellt än. Läs in sidan igen.
    [wrong_kind] Ett sådant steg görs inte på det sättet.
    [not_skippable] Steget får inte hoppas över.
    [answers] Något i formuläret behöver rättas.
    [not_booked] Det finns ingen sådan bokning.
    [no_such_contractor] Entreprenören hör inte till steget.
    [nothing_to_undo] Det finns inget att ångra.
    [cannot_undo] En flyttad eller avbokad tid kan inte ångras. Boka en ny tid.
   *[too_many_acts] Så mycket har hänt i ärendet att processen inte kan fortsätta. Avsluta ärendet och öppna ett nytt.
}
problem-not-found = { $what ->
    [process] Ärendet har ingen process.
    [resource] Det finns ingen sådan resurs att boka.
   *[other] Det finns inte.
}
problem-faults = Beskrivningen har fel som måste rättas.
problem-overtaken = Någon annan har publicerat version { $version } under tiden. Jämför med den och publicera igen.
problem-time-taken = Någon hann före. Välj en annan tid.
problem-time-not-offered = Tiden går inte att boka. Välj en av tiderna i listan.
problem-hours = Skriv tiderna som 08:00-16:30, eller closed för stängt.
problem-range = Skriv ett tal mellan { $min } och { $max }.
problem-identity-number = Skriv inget personnummer och inget nummer på legitimationen. Det räcker att välja vilken sorts legitimation du såg.
problem-text = Något du skrev går inte att använda. Kontrollera att inget saknas eller är för långt.
problem-internal = Något gick fel hos oss. Försök igen om en stund.
