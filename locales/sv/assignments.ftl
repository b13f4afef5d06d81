## Uppdrag

doer = { $doer ->
    [resident] Invånare
    [centre] Kontaktcenter
    [officer] Handläggare
   *[system] System
}
end = slut
state = { $state ->
    [draft] Utkast
    [sent] Skickat för godkännande
    [approved] Godkänt, väntar på sin dag
    [in_force] I kraft
    [under_review] I kraft, ses över
    [refused] Inte godkänt
    [withdrawn] Tillbakadraget
    [replaced] Ersatt av en nyare version
   *[ended] Avslutat
}
rule-kind = { $kind ->
    [does] Det här gör kontaktcenter
    [partly] Det här gör kontaktcenter till en del
   *[does_not] Det här gör kontaktcenter inte
}
theme = { $theme ->
    [living] Bo och bygga
    [children] Barn och utbildning
    [care] Omsorg och stöd
    [economy] Ekonomi och arbete
    [environment] Avfall, vatten och miljö
    [outdoors] Gator, trafik och parker
    [leisure] Kultur och fritid
    [business] Företag och tillstånd
    [life_events] Livets händelser
   *[municipality] Kommun och politik
}
part = { $part ->
    [title] Namn
    [purpose] Syfte
    [does] Gör
    [partly] Gör till en del
    [does_not] Gör inte
    [steps] Processkarta
    [case_types] Ärendetyper
    [competence] Kompetens
    [volume] Väntad volym i månaden
    [contacts] Kontaktpersoner
    [terms] Villkor
    [keywords] Invånarnas ord
   *[public] Vad invånare läser
}
notice = { $months ->
    [0] Ingen uppsägningstid
    [one] { $months } månads uppsägning
   *[other] { $months } månaders uppsägning
}
missing = { $what ->
    [purpose] syfte
    [does] minst en regel för vad kontaktcenter gör
    [line] minst en regel för var gränsen går (gör inte, eller gör till en del)
    [steps] processkarta
    [case_types] minst en ärendetyp
    [contact_person] en kontaktperson på förvaltningen
   *[review_day] en dag för översyn inom ungefär ett år efter första dagen
}
step-fault = Rad { $line }: { $what ->
    [no_doer] skriv vem som gör det före kolon ({ $detail }).
    [unknown_doer] vem är { $detail }?
    [no_text] skriv vad som görs efter kolon.
    [way_first] skriv ett steg före vägen vidare.
    [no_target] skriv vart vägen leder: ett stegs nummer eller ”{ $detail }”.
    [unknown_step] det finns inget steg { $detail }.
    [unreachable] ingen väg leder hit.
    [endless] härifrån kommer man aldrig till slutet.
    [text] texten är för lång (högst { $detail } tecken) eller innehåller tecken som inte kan visas.
   *[too_many] det får vara högst { $detail }.
}
problem = { $what ->
    [not_found] Det finns inte längre.
    [code_taken] Den koden används redan. Välj en annan.
    [incomplete] Det går inte att skicka än. Det saknas: { $detail }.
    [steps] Processkartan går inte att läsa. { $detail }
    [overtaken] Någon annan har ändrat utkastet sedan du öppnade det. Dina ändringar är inte sparade: ladda om sidan och gör dem igen.
    [not_a_contact_person] Den du skickar till måste stå bland kontaktpersonerna.
    [day] Den dagen går inte att välja.
    [too_many] Det får vara högst { $detail }.
    [url] Adressen ska börja med https:// eller http://.
    [link] Länken gäller inte.
    [not_a_draft] Det som är skickat ändras aldrig. Skriv en ny version.
    [draft_there] Version { $detail } är redan ett utkast. Fortsätt med det.
    [not_sent] Versionen är inte skickad till förvaltningen.
    [withdrawn] Versionen är tillbakadragen. En nyare är på väg.
    [answered_otherwise] Förvaltningen har redan svarat, och på annat sätt.
    [not_approved] Förvaltningen har inte godkänt versionen.
    [not_in_force] Ingen version är i kraft.
    [over] Uppdraget är avslutat.
   *[other] Något i det du skrev går inte att ta emot.
}

## Översyn

review-task = Gå igenom uppdraget ”{ $title }” med förvaltningen

## Brev till förvaltningen

approval-subject = { $again ->
    [yes] Påminnelse: uppdraget ”{ $title }” väntar på ert godkännande
   *[no] Godkänn uppdraget ”{ $title }”
}
approval-body =
    Hej { $name }!

    { $again ->
        [yes] Vi har inte fått svar om uppdraget ”{ $title }” (version { $version }).
       *[no] Kontaktcenter har skrivit ned vad vi gör åt er i uppdraget ”{ $title }” (version { $version }).
    } Läs det och svara om ni godkänner det:

    { $link }

    Där ser du vad kontaktcenter gör, vad ni gör och var gränsen går. Du svarar med ditt namn. Det går också att svara att ni inte godkänner det, och varför. Du behöver inget konto. Länken är bara till dig: den gäller till och med { $until } och kan besvaras en gång.

    Hälsningar
    Kontaktcenter, { $municipality }
review-subject = { $overdue ->
    [yes] Översynen av uppdraget ”{ $title }” är försenad
   *[no] Dags att se över uppdraget ”{ $title }”
}
review-body =
    Hej { $name }!

    { $overdue ->
        [yes] Uppdraget ”{ $title }” skulle ha setts över senast { $by }. Hör av dig till kontaktcenter så att vi hittar en tid. Uppdraget gäller som förut till dess.
       *[no] Vi ser över varje uppdrag en gång om året. Uppdraget ”{ $title }” ska vara genomgånget senast { $by }. Fundera på vad som har ändrats hos er: rutiner, svarstider, kontaktpersoner. Kontaktcenter hör av sig om en tid.
    }

    Hälsningar
    Kontaktcenter, { $municipality }

## Checklistan

area = { $area ->
    [customers] De som vänder sig till oss
    [leadership] Ledning
    [people] Vi som arbetar här
    [operations] Så görs arbetet
    [infrastructure] Det vi arbetar med
   *[clients] Förvaltningarna som har gett oss uppdrag
}
point = { $point ->
    [ways_in_told] Öppettider och vägar in står där invånare letar
    [status_shown] Den som har ett ärende kan se hur det går
    [survey_on] Invånare får frågan om vad de tyckte
    [complaints_handled] Klagomål har en egen väg och gås igenom
    [goals_set] Mål för servicen är satta och kända av alla
    [service_level_measured] Svarstider mäts
    [departments_followed] Förvaltningarnas svar följs upp
    [crisis_plan_tried] Planen för storm och driftstopp är övad
    [competence_written] Vilken kompetens varje uppdrag kräver är nedskrivet
    [introduction_planned] Nya kollegor har en plan för sitt första halvår
    [coaching_held] Alla får coachning regelbundet
    [incidents_followed] Hot och våld följs upp
    [follow_up_clock] Varje fråga till en handläggare bevakas tills svaret kommer
    [contacts_logged] Kontakter loggas
    [articles_owned] Varje kunskapsartikel har en ägare och en översynsdag som inte har passerat
    [process_maps] Varje uppdrag har en processkarta
    [referrals_kept] Det är nedskrivet vart man vänder sig med det som andra ansvarar för
    [retention_decided] Hur länge saker sparas är beslutat
    [backup_tried] Säkerhetskopian är återläst på prov
    [accessibility_tried] Sidorna är provade med hjälpmedel
    [openings_reviewed] Vem som har öppnat vad gås igenom
    [assignments_approved] Varje förvaltning har godkänt det den har lämnat över
    [reviews_in_time] Uppdragen ses över i tid
    [volumes_compared] Väntade volymer är nedskrivna och jämförs med utfallet
    [outside_counted] Det som görs utanför uppdragen räknas
   *[meetings_held] Förvaltningarna träffas regelbundet
}
point-state = { $state ->
    [in_place] På plats
    [partly] Delvis
   *[missing] Saknas
}
