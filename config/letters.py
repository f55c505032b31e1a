"""Letters on the terminal: how Glossa delivers them where no mail server was given."""

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend

RULE = "-" * 79


class Terminal(EmailBackend):
    """Writes a letter as a person reads it: encoded for the wire, a link would be broken in two."""

    def write_message(self, message: EmailMessage) -> None:
        heads = {"From": message.from_email, "To": ", ".join(message.to), "Subject": message.subject}
        lines = [f"{name}: {value}" for name, value in heads.items()]
        self.stream.write(harmless("\n".join([RULE, *lines, "", str(message.body), RULE, ""])))


def harmless(text: str) -> str:
    """An address may hold control characters, and a stranger may give one: a terminal would obey them."""
    return "".join(character if character.isprintable() or character == "\n" else "\ufffd" for character in text)
