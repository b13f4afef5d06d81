# Ärenden: vad invånare, handläggare och kontaktcenter läser om dem.
# En invånare ska förstå varje rad utan att veta hur en kommun är ordnad.

## Var ett ärende står

status-name = { $status ->
    [new] Registrerat
    [ongoing] Vi arbetar med det
    [waiting_for_resident] Vi väntar på dig
    [waiting_for_department] Hos handläggare
    [suspended] Vilar
    [solved] Klart
    [reopened] Öppnat igen
   *[other] Okänt
}

# Samma lägen så som en kommunvägledare kallar dem.
status-short = { $status ->
    [new] Nytt
    [ongoing] Pågående
    [waiting_for_resident] Väntar på invånaren
    [waiting_for_department] Väntar på förvaltningen
    [suspended] Vilande
    [solved] Avslutat
    [reopened] Återöppnat
   *[other] Okänt
}

status-public = { $status ->
    [new] Vi har tagit emot ditt ärende. Någon på kontaktcenter tar hand om det snart.
    [ongoing] Någon på kontaktcenter arbetar med ditt ärende just nu.
    [waiting_for_resident] Vi behöver något från dig för att komma vidare. Hör av dig till kontaktcenter om du inte vet vad.
    [waiting_for_department] Ärendet är skickat till en handläggare på rätt förvaltning. Vi bevakar att du får ett svar.
    [suspended] Ärendet vilar och tas upp igen senare. Du behöver inte göra något.
    [solved] Ärendet är klart.
    [reopened] Ärendet är öppnat igen, och vi arbetar vidare med det.
   *[other] Kontakta oss så berättar vi hur ärendet står.
}

status-rests-until = Det tas upp igen { $day }.
status-expected-by = Du bör ha ett svar senast { $day }.
status-expected-late = Svaret har dröjt längre än vi räknade med. Vi har påmint handläggaren.

## Uppföljning och uppgifter

follow-up-state = { $state ->
    [waiting] Väntar på svar
    [done] Besvarad
    [wrong_recipient] Fel mottagare
    [withdrawn] Återtagen
   *[other] Okänt
}

call-outcome = { $outcome ->
    [reached] Svarade
    [no_answer] Svarade inte
    [busy] Upptaget
    [voicemail] Telefonsvarare
    [wrong_number] Fel nummer
   *[other] Okänt
}

note-mail-from-stranger = Mejl från { $address }, som inte är den vi frågade:

    { $text }
note-mail-empty = Ett mejl utan text.

task-name = { $kind ->
    [call_officer] Ring handläggaren
    [find_recipient] Hitta rätt mottagare
    [tell_resident] Berätta svaret för invånaren
    [read_officer_mail] Läs handläggarens mejl
    [read_addition] Läs vad invånaren har lagt till
    [read_message] Läs meddelandet
    [do_step] Gör steget som förfaller
    [call_contractor] Ring entreprenören
   *[other] Uppgift
}

task-help = { $kind ->
    [call_officer] Handläggaren har inte svarat trots påminnelser. Ring, ta emot svaret eller skicka ärendet till någon annan.
    [find_recipient] Handläggaren säger att ärendet hör hemma hos någon annan. Ta reda på hos vem och skicka det dit.
    [read_addition] Invånaren har skrivit eller skickat något till ärendet. Läs det och bocka av.
    [read_message] En kollega utan behörighet till ärendet har lämnat ett meddelande. Öppna ärendet och läs anteckningen.
    [do_step] Ett steg i ärendets process ska vara klart i dag eller är försenat. Öppna ärendet och gör steget.
    [call_contractor] Ingen av de entreprenörer som larmats har kvitterat. Öppna ärendet, ring dem och kvittera utryckningen.
    [tell_resident] Det finns ett svar eller en fråga till invånaren, som inte kunde få veta det med e-post. Ring och berätta.
    [read_officer_mail] Ett mejl har kommit som svar på frågan, men det går inte att säkert läsa ut vad det betyder eller vem det är från. Läs det i ärendet och gör det som behövs. Invånaren har inte fått se det.
   *[other] Öppna ärendet.
}

outcome-name = { $outcome ->
    [solved] Löst på kontaktcenter
    [self_service] Visad hur man gör själv
    [connected] Kopplad vidare
    [referred] Hänvisad
    [forwarded] Besvarat av förvaltningen
    [other] Annat
   *[unknown] Okänt
}

secrecy-name = { $class ->
    [open] Öppet
    [restricted] Begränsat
    [strict] Strängt
   *[other] Okänt
}

## Tidslinjen

timeline-entry = { $kind ->
    [process_started] Processen började
    [process_step] Ett steg i processen ändrades
    [process_ended] Processen är klar
    [process_resumed] Processens slut ångrades
    [booking_made] En tid bokades
    [booking_moved] En bokad tid flyttades
    [booking_cancelled] En bokad tid avbokades
    [contractor_called] En entreprenör larmades
    [resident_written_to] Ett brev skickades till invånaren
    [case_registered] Ärendet registrerades
    [opened] Ärendet öppnades
    [case_status_changed] Läget ändrades
    [case_forwarded] Skickades till handläggare
    [follow_up_answered] Handläggaren svarade
    [follow_up_more_time] Handläggaren behöver mer tid
    [follow_up_wrong_recipient] Handläggaren är fel mottagare
    [follow_up_withdrawn] Frågan till handläggaren togs tillbaka
    [follow_up_reminded] Handläggaren påmindes
    [follow_up_escalated] Förvaltningens kontakt fick veta att svaret dröjer
    [follow_up_asked_resident] Handläggaren frågade invånaren
    [follow_up_resident_answered] Invånarens svar gick till handläggaren
    [officer_mail_taken] Ett mejl från handläggaren togs emot
    [officer_called] Handläggaren ringdes
    [task_created] En uppgift lades till
    [task_done] En uppgift blev klar
    [case_priority_set] Prioriteten ändrades
    [case_assigned] Ärendet fick en ny ansvarig
    [case_due_day_set] Dagen då det ska vara klart ändrades
    [case_secrecy_set] Sekretessen ändrades
    [case_place_set] Platsen ändrades
    [case_type_changed] Ärendetypen ändrades
    [case_linked] Ärendet kopplades till ett annat
    [case_unlinked] En koppling till ett annat ärende togs bort
    [case_merged] Ärenden slogs ihop
    [case_merge_undone] En sammanslagning ångrades
    [case_reworded] Rubriken eller beskrivningen ändrades
    [case_split] En del av ärendet blev ett eget ärende
    [stakeholder_added] En intressent lades till
    [stakeholder_removed] En intressent togs bort
    [document_added] En fil lades till
    [document_shown] Om invånaren får se en fil ändrades
    [resident_added] Invånaren lade till något
    [note_added] En anteckning skrevs
    [message_handed_over] Ett meddelande lämnades av en kollega utan behörighet
    [resident_link_created] En länk till invånaren gjordes
    [resident_link_revoked] Invånarens länk drogs in
    [resident_told] Invånaren fick besked
    [resident_code_made] Invånaren fick en kod till statussidan
    [resident_challenge_sent] En kod skickades till invånaren
    [resident_proven] Invånaren visade vem hen är
    [resident_chose] Invånaren valde hur hen vill få besked
    [message_failed] Ett meddelande kunde inte levereras
   *[other] { $kind }
}

## Dagar

day = { $weekday ->
    [1] måndag
    [2] tisdag
    [3] onsdag
    [4] torsdag
    [5] fredag
    [6] lördag
   *[7] söndag
} { $day } { $month ->
    [1] januari
    [2] februari
    [3] mars
    [4] april
    [5] maj
    [6] juni
    [7] juli
    [8] augusti
    [9] september
    [10] oktober
    [11] november
   *[12] december
} { $year }

## E-post till handläggaren

officer-subject = Ärende { $number }: { $title }
officer-subject-secret = Ärende { $number } från kontaktcenter
officer-body =
    Hej { $officer },

    Kontaktcenter har ett ärende som behöver ditt svar senast { $due }.

    Ärende: { $number } { $title }

    { $content }

    { $how }

    Hälsningar
    Kontaktcenter, { $municipality }
officer-told = Det här har invånaren berättat:
    { $description }
officer-checklist = Det här vill er förvaltning veta i sådana ärenden:
    { $points }
officer-body-secret =
    Hej { $officer },

    Kontaktcenter har ett ärende som behöver ditt svar senast { $due }.

    Ärende: { $number }

    Ärendet kan innehålla uppgifter under sekretess och står därför inte i det här brevet.

    { $how }

    Hälsningar
    Kontaktcenter, { $municipality }
# Raden som svaret skrivs ovanför. Tecknen i början och slutet är det som Lots känner igen den på.
officer-answer-above = ##- Skriv ditt svar ovanför den här raden -##
officer-how = Öppna ärendet och svara här, utan inloggning:
    { $link }
    Länken gäller bara det här ärendet och är bara för dig. Är det inte ditt, svara Fel mottagare så ser vi till att det hamnar rätt.

    Allt som väntar på dig:
    { $desk }
officer-how-by-mail = Du kan också svara på det här mejlet. Börja svaret med något av det här, på en egen rad:
    KLART
    MER TID TILL och en dag, till exempel 1/12
    FEL MOTTAGARE och varför

    Det du skriver läses av kontaktcenter och skickas inte till invånaren. Vill du att invånaren ska få ett svar av dig, skriv raden
    SVAR TILL INVÅNAREN
    Det du skriver under raden SVAR TILL INVÅNAREN skickas till invånaren.

    Behöver du veta något av invånaren, skriv i stället raden
    FRÅGA TILL INVÅNAREN
    och under den det du vill fråga. Det skickas också till invånaren.

reminder-subject = Påminnelse: ärende { $number } väntar på ditt svar
reminder-body =
    Hej { $officer },

    Den { $sent } skickade vi ärende { $number } till dig. Invånaren väntar fortfarande på ett svar.

    Hinner du inte nu, be om mer tid och säg när, så kan vi berätta det för invånaren.

    { $how }

    Hälsningar
    Kontaktcenter, { $municipality }

resident-told-officer-subject = Ärende { $number }: invånaren har svarat
resident-told-officer-body =
    Hej { $officer },

    Du frågade invånaren i ärende { $number }.

    { $content }

    Vi räknar med ditt svar senast { $due }.

    { $how }

    Hälsningar
    Kontaktcenter, { $municipality }
resident-told-officer = Invånaren svarar:
    { $words }
resident-told-officer-secret = Invånaren har svarat. Svaret står inte i det här brevet; öppna ärendet för att läsa det.
resident-told-officer-nothing = Väntan på invånaren är över. Öppna ärendet för att se hur det står, eller hör av dig till kontaktcenter.

escalation-subject = Ärende { $number } har inte fått svar
escalation-body =
    Till { $department }

    Den { $sent } skickade kontaktcenter ärende { $number } till { $officer }. Svaret behövdes senast { $due }. Vi har påmint och försökt ringa, men ärendet är fortfarande obesvarat och en invånare väntar.

    Se till att någon hos er svarar, eller hör av er till kontaktcenter och berätta vem vi ska vända oss till.

    Hälsningar
    Kontaktcenter, { $municipality }

officer-key-subject = Din sida hos kontaktcenter
officer-key-body =
    Hej { $officer },

    Här är allt som väntar på ditt svar, med en väg till varje ärende:
    { $link }

    Länken öppnar alla dina ärenden och gäller i { $hours } timmar. Skicka den inte vidare. Har du inte bett om den behöver du inte göra något.

    Hälsningar
    Kontaktcenter, { $municipality }

withdrawn-subject = Ärende { $number } behöver inte längre ditt svar
withdrawn-body =
    Hej { $officer },

    Ärende { $number }, som vi skickade till dig den { $sent }, behöver inte längre ditt svar. Du behöver inte göra något.

    Hälsningar
    Kontaktcenter, { $municipality }

## E-post till invånaren

resident-subject = Ditt ärende { $number }: { $status }
resident-subject-answer = Ditt ärende { $number }: du har fått ett svar
resident-body =
    Hej,

    Det har hänt något med ditt ärende { $number }.

    Nu: { $status }. { $text }

    { $more }

    Du kan inte svara på det här brevet. Hör av dig till kontaktcenter om du undrar något, och nämn numret { $number }.

    Hälsningar
    Kontaktcenter, { $municipality }
resident-follow = Här kan du se hur ärendet står, när som helst:
    { $link }
resident-no-link = Hör av dig till kontaktcenter om du vill veta mer.
resident-code =
    Du kan också gå till { $page } och skriva in
    ärendenummer { $number }
    kod { $code }
    Spara koden. Den står bara i det här brevet.
# Sms: så korta som möjligt, utan länktext och hälsning.
resident-text = { $municipality }: Ditt ärende { $number }. Nu: { $status }.
resident-text-answer = { $municipality }: Du har fått ett svar i ärende { $number }.
resident-text-code = Din kod: { $code }

## Kod som visar vem man är

proof-subject = Din kod till { $municipality }
proof-text = { $code } är din kod till { $municipality }. Den gäller i 10 minuter. Lämna den inte till någon.
proof-body =
    Hej,

    Din kod är { $code }

    Skriv in den på sidan där du läser om ditt ärende. Koden gäller i 10 minuter.

    Har du inte bett om någon kod? Då behöver du inte göra något. Lämna aldrig ut koden till någon, inte heller till oss.

    Hälsningar
    Kontaktcenter, { $municipality }

## När något inte gick

problem-not-found = Det finns inte, eller har tagits bort.
problem-forbidden = Det går inte när ärendet är i läget { $status }.
problem-link-forged = Länken stämmer inte. Kontrollera att hela länken kom med när du kopierade den.
problem-link-expired = Länken har slutat gälla. Hör av dig till kontaktcenter så får du en ny.
problem-link-revoked = Länken används inte längre. Hör av dig till kontaktcenter om du undrar något.
problem-already-asked = Den handläggaren har redan ärendet. Ta tillbaka frågan först, eller skriv en anteckning.
problem-officer-inactive = Handläggaren är inte längre aktiv. Välj en annan.
problem-case-type-inactive = Ärendetypen används inte längre. Välj en annan.
problem-already-answered = Frågan är redan avslutad ({ $state }). Vill du ändra något, hör av dig till kontaktcenter.
problem-day = Välj en dag från { $earliest } till { $latest }.
problem-named-twice = Mottagaren och ersättarna ska vara olika, var och en en gång.
problem-terms-range = Ange 1 till { $max } vardagar.
problem-terms-order = Tiderna ska komma i ordning: påminnelse, andra påminnelse, ringuppgift, förvaltningens kontakt.
problem-task-done = Uppgiften är redan klar.
problem-refused = { $refusal ->
    [secret_service] Bara en ärendetyp som är öppen för alla kan anmälas genom Open311.
    [merged] Ärendet har slagits ihop med ett annat. Arbeta vidare i det.
    [itself] Ett ärende kan inte kopplas till eller slås ihop med sig självt.
    [merge_closed] Ett öppet ärende kan inte gå in i ett avslutat. Öppna det avslutade först, eller slå ihop åt andra hållet.
    [merge_boards] Ärendena hör till olika nämnder och minst ett har sekretess. De kan inte slås ihop.
    [merged_on] Ärendet har slagits ihop vidare sedan dess. Ångra den senare sammanslagningen först.
    [not_merged] Ärendet är inte sammanslaget.
    [link_cycle] Så kan ärendena inte hänga ihop: ett ärende skulle bli sin egen förälder.
    [one_parent] Ärendet har redan ett överordnat ärende.
    [document_empty] Filen är tom.
    [document_too_large] Filen är för stor. En fil får vara högst 10 MB.
    [document_type] Den sortens fil kan vi inte ta emot. Skicka bilder, PDF, text eller kontorsdokument.
    [document_mismatch] Filens innehåll stämmer inte med vad den sägs vara.
    [nothing_chosen] Välj minst en anteckning, ett dokument eller en intressent.
    [stakeholder_empty] Skriv ett namn, en organisation eller hur man når personen.
    [changed] Någon annan har ändrat ärendet under tiden. Läs om sidan och försök igen.
    [too_late] Ärendet avslutades för länge sedan för att öppnas igen.
   *[other] Det går inte.
}
problem-task-mismatch = Uppgiften kan inte avslutas på det sättet.
problem-sealed = Ärendet hör till en nämnd som du inte har behörighet för. Du kan lämna ett meddelande till dem som har det.
problem-secret = Ärendet är bara till för dem som är namngivna i det.
problem-too-many = Högst { $max } här.
problem-page-mark = Sidmärket stämmer inte. Börja om från första sidan.
problem-missing = { $field } måste fyllas i.
problem-too-long = { $field } får ha högst { $max } tecken.
problem-unprintable = { $field } innehåller tecken som inte kan visas.
problem-not-understood = { $field } är inte rätt skrivet.
problem-internal = Något gick fel hos oss. Försök igen om en stund.

field-name = { $field ->
    [title] Rubriken
    [description] Beskrivningen
    [message] Meddelandet
    [answer] Svaret
    [reason] Skälet
    [suggestion] Förslaget
    [note] Anteckningen
    [question] Frågan
    [checklist] Checklistan
    [public_text] Texten till invånaren
    [idempotency_key] Nyckeln
   *[other] Fältet
}
