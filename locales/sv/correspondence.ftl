# Brev som Lots själv skriver till den som har skrivit till kommunen.

acknowledgement-subject = Vi har fått ditt meddelande ({ $reference })
acknowledgement-body =
    Hej!

    Tack för ditt meddelande. Du får svar av en kommunvägledare senast { $day }.

    Vill du lägga till något? Svara på det här brevet. Din referens är { $reference }.
quoted-head = Den { $day } skrev { $name }:
