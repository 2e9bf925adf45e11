"""What could be somebody's own: fiscal codes, bank accounts, mobile numbers, private mailboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import TypeAdapter, ValidationError

from portal.editorial.desk import Desk
from portal.editorial.finding import Finding, Rule
from portal.editorial.lexicon import bare_contact
from portal.editorial.manuscript import Manuscript
from portal.model.iban import Iban

_DIGIT = re.compile(r"\d")
_FISCAL_CODE = re.compile(
    r"(?<!\w)[A-Z]{6}[\dLMNP-V]{2}[ABCDEHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z](?!\w)",
    re.IGNORECASE,
)
_IBAN = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)(?!\w)"
)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-zA-Z]{2,24}(?!\w)")
_MOBILE = re.compile(
    r"(?<![\w/=.-])(?:(?:\+|00)39[ .-]?)?3\d{2}[ .-]?(?:\d[ .-]?){5,6}\d(?![\w/-])"
)

_ROLES = frozenset({
    "info", "segreteria", "comunicazione", "redazione", "stampa", "protocollo", "sportello", "ufficio", "urp",
    "privacy", "dpo", "donazioni", "newsletter", "contatti", "amministrazione", "direzione", "presidenza",
    "volontari", "pec", "welfare", "opcafe", "posta", "biblioteca", "servizi", "servizisociali", "centralino",
    "assistenza",
})  # fmt: skip
_PRIVATE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "libero.it", "hotmail.com", "hotmail.it", "outlook.com", "outlook.it",
    "live.it", "live.com", "msn.com", "yahoo.it", "yahoo.com", "tiscali.it", "virgilio.it", "alice.it",
    "tin.it", "tim.it", "icloud.com", "me.com", "fastwebnet.it", "inwind.it", "iol.it", "proton.me",
    "protonmail.com", "email.it", "katamail.com",
})  # fmt: skip
_EXAMPLES = (
    "esempio.it",
    "esempio.com",
    "esempio.org",
    "example.com",
    "example.org",
    ".invalid",
    ".test",
    ".example",
)

_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
         10, 22, 25, 24, 23),
        strict=True,
    )
)  # fmt: skip
_IBAN_TYPE: TypeAdapter[str] = TypeAdapter(Iban)


def _personal_data(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    public = desk.lexicon.contacts
    for number, line in enumerate(page.lines, start=1):
        if len(line) < 8:
            continue
        if "@" in line:
            for match in MAIL.finditer(line):
                if bare_contact(match[0]) not in public and _is_private_mail(match[0]):
                    yield _finding(
                        page, number, match[0],
                        "sembra la posta di una persona. Se non è un recapito pubblico, toglila.",
                        "«Scrivi a info@comune.esempio.it»",
                    )  # fmt: skip
        if "3" in line and sum(map(str.isdigit, line)) >= 9:
            for match in _MOBILE.finditer(line):
                digits = bare_contact(match[0])
                if digits not in public and 9 <= len(digits) <= 10:
                    yield _finding(
                        page, number, match[0],
                        "sembra il cellulare di una persona. Se non è un numero pubblico, toglilo.",
                        "«Telefona allo sportello: 02 1234567»",
                    )  # fmt: skip
        if not _DIGIT.search(line):
            continue
        for match in _FISCAL_CODE.finditer(line):
            if bare_contact(match[0]) not in public and is_fiscal_code(match[0]):
                yield _finding(
                    page, number, match[0],
                    "è il codice fiscale di una persona: dice nome, data e luogo di nascita. Toglilo.",
                    "«… (codice fiscale conservato dall'ufficio)»",
                )  # fmt: skip
        for match in _IBAN.finditer(line):
            if bare_contact(match[0]) not in public and _is_iban(match[0]):
                yield _finding(
                    page, number, match[0],
                    "è un conto bancario. I conti per donare stanno solo in campagne/beneficiari.yml.",
                    "«Per donare, scegli una campagna in Sostieni.»",
                )  # fmt: skip


def is_fiscal_code(text: str) -> bool:
    """Whether the last letter of a personal fiscal code follows from the other fifteen characters.

    D.M. 23 December 1976; letters in the place of digits (omocodia) count as they are written.
    """
    code = text.upper()
    if len(code) != 16 or not (code.isascii() and code.isalnum()):
        return False
    total = sum(
        _ODD[character] if position % 2 == 0 else int(character) if character.isdigit() else ord(character) - 65
        for position, character in enumerate(code[:15])
    )  # fmt: skip
    return code[15] == chr(65 + total % 26)


def _is_private_mail(address: str) -> bool:
    name, _, host = address.lower().partition("@")
    if host.endswith(_EXAMPLES):
        return False
    return host in _PRIVATE_MAIL or re.split(r"[._+-]", name)[0] not in _ROLES


def _is_iban(text: str) -> bool:
    try:
        _IBAN_TYPE.validate_python(text)
    except ValidationError:
        return False
    return True


def _finding(page: Manuscript, line: int, quote: str, message: str, example: str) -> Finding:
    return Finding(
        page.path, line, PERSONAL_DATA.id, quote,
        f"«{quote}» {message} Se può stare, aggiungilo a _redazione/contatti-pubblici.yml.",
        example,
    )  # fmt: skip


PERSONAL_DATA = Rule(
    "dati-personali",
    "Un dato che può essere di una persona",
    "Quello che esce su un sito resta in giro per sempre: feed, copie, motori di ricerca. Un recapito è pubblico "
    "solo se chi lo usa lo ha deciso.",
    "Regolamento (UE) 2016/679, articoli 5 e 6; D.M. 23 dicembre 1976 (codice fiscale); ISO 13616-1 (IBAN)",
    3,
    _personal_data,
)
RULES = (PERSONAL_DATA,)
