# Letters that Lots itself writes to those who have written to the municipality.

acknowledgement-subject = We have received your message ({ $reference })
acknowledgement-body =
    Hello!

    Thank you for your message. A guide will answer you by { $day } at the latest.

    Do you want to add something? Answer this letter. Your reference is { $reference }.
quoted-head = On { $day } { $name } wrote:
