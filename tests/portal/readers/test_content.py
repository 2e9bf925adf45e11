"""What an editor gets wrong is named: file, line, what was read, how to write it."""

import datetime
from pathlib import Path

import pytest

from portal.readers.content import ContentReader

TODAY = datetime.date(2026, 11, 22)
STORY = "storie/2020-03-07-prima-zappata.md"


def said_of(content: Path) -> list[str]:
    """What the reader says of the content, a line each."""
    reader = ContentReader(content, TODAY)
    reader.read()
    return [str(problem) for problem in sorted(reader.problems)]


def change(content: Path, path: str, old: str, new: str) -> None:
    """Replace one piece of a file, as an editor would."""
    file = content / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_example_has_nothing_to_mend(example):
    """Every test below breaks one thing of it, so it must be whole."""
    assert said_of(example) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (
            STORY,
            "date: 2020-03-07\n",
            "date: 12 maggio\n",
            f"{STORY}, riga 5: la data «12 maggio» non si capisce. Scrivi così: date: 2016-05-12",
        ),
        (
            STORY,
            "date: 2020-03-07\n",
            "date: 15/05/2018\n",
            f"{STORY}, riga 5: la data «15/05/2018» non si capisce. Scrivi così: date: 2018-05-15",
        ),
        (
            STORY,
            "date: 2020-03-07\n",
            "date: 1° marzo 2020\n",
            f"{STORY}, riga 5: la data «1° marzo 2020» non si capisce. Scrivi così: date: 2020-03-01",
        ),
        (
            STORY,
            "title: La prima zappata\n",
            'title: "La prima zappata\n',
            f"{STORY}, riga 2: l'intestazione non si legge: le virgolette di questa riga non si chiudono. "
            "Chiudile in fondo alla riga.",
        ),
        (
            STORY,
            "title: La prima zappata\n",
            f"title: La prima zappata{'!' * 80}\n",
            f"{STORY}, riga 2: il titolo «La prima zappata{'!' * 43}…» è troppo lungo: 96 caratteri, al massimo 90.",
        ),
        (
            STORY,
            "members: [orti-riuniti]",
            "members: [Orti Riuniti]",
            f"{STORY}, riga 8: «Orti Riuniti» si scrive con minuscole, cifre e trattini. Forse volevi «orti-riuniti».",
        ),
        (
            STORY,
            "members: [orti-riuniti]",
            "members: [../rete/orti-riuniti.md]",
            f"{STORY}, riga 8: «../rete/orti-riuniti.md» si scrive con minuscole, cifre e trattini. "
            "Forse volevi «orti-riuniti».",
        ),
        (
            STORY,
            "towns: [rho]\n",
            "towns: [rho]\nconsent:\nuntil: 2028-12-31\n",
            f"{STORY}, riga 10: sotto «consent» non c'è niente: le sue voci vanno nelle righe dopo, "
            "con due spazi davanti.",
        ),
        (
            STORY,
            "towns: [rho]\n",
            "towns: [rho]\nconsent:\nuntil: 2028-12-31\n",
            f"{STORY}, riga 11: «until» fa parte di «consent»: mettilo sotto, con due spazi davanti.",
        ),
        (
            STORY,
            "date: 2020-03-07\n",
            "date: 2020-02-30\n",
            f"{STORY}, riga 5: la data «2020-02-30» non esiste: febbraio ha 29 giorni. "
            "Scrivi così: date: 2016-05-12",
        ),
        (
            STORY,
            "date: 2020-03-07\n",
            "date: 2020-13-07\n",
            f"{STORY}, riga 5: la data «2020-13-07» non esiste: i mesi sono dodici. "
            "Scrivi così: date: 2016-05-12",
        ),
        (
            STORY,
            "title: La prima zappata\n",
            "title: La prima #OP: zappata\n",
            f"{STORY}, riga 2: da «#OP:» in poi il testo sparisce: un cancelletto dopo uno spazio comincia "
            'un appunto. Mettilo fra virgolette: title: "La prima #OP: zappata".',
        ),
        (
            STORY,
            "description:",
            "descripton:",
            f"{STORY}, riga 3: «descripton» non è un campo che conosciamo. Forse volevi scrivere «description».",
        ),
        (
            STORY,
            "places: [casa-verde]",
            "places: [casa-rossa]",
            f"{STORY}, riga 7: «casa-rossa» non è fra i luoghi. Controlla il nome del file in luoghi/, "
            "o toglilo da places.",
        ),
        (
            STORY,
            "actions: [orto]",
            "actions: orto",
            f"{STORY}, riga 6: «actions» vuole un elenco, e qui c'è «orto». Scrivila così: actions: [smart-house]",
        ),
        (
            STORY,
            "title: La prima zappata",
            "title: Rho: la prima zappata",
            f"{STORY}, riga 2: l'intestazione non si legge: ci sono due volte i due punti. "
            'Metti il testo fra virgolette: "Rho: si parte".',
        ),
        (
            STORY,
            "title: La prima zappata",
            "title: La prima zappata\ntitle: La seconda",
            f"{STORY}, riga 3: «title» è scritto due volte. Tienine uno solo",
        ),
        (
            STORY,
            "(../luoghi/casa-verde.md)",
            "(../luoghi/casa-rossa.md)",
            f"{STORY}, riga 16: il link porta a «../luoghi/casa-rossa.md», che non c'è. Controlla il nome del file.",
        ),
        (
            STORY,
            "È andata bene.",
            "#Orto è andata bene.",
            f"{STORY}, riga 16: «#Orto» diventa un secondo titolo della pagina. Per un titolo di sezione scrivi ## "
            "davanti; se è un nome, scrivi \\#Orto",
        ),
        (
            "rete/orti-riuniti.md",
            "role: capofila",
            "role: capo",
            "rete/orti-riuniti.md, riga 5: role «capo» non è fra quelli ammessi. "
            "Scegli fra: capofila, partner, accordo.",
        ),
        (
            "rete/orti-riuniti.md",
            "town: rho",
            "town: lodi",
            "rete/orti-riuniti.md, riga 8: «lodi» non è in rete/comuni.yml. Controlla il codice, o toglilo da town.",
        ),
        (
            "agenda/2020-03-07-apertura.md",
            "place: casa-verde",
            "place: casa-verde\ncancelled: sì",
            "agenda/2020-03-07-apertura.md, riga 8: l'appuntamento è annullato, ma chi l'ha già in calendario non lo "
            "saprebbe. Aggiungi sequence: 1, e updated: con il giorno di oggi.",
        ),
        (
            "agenda/2020-03-07-apertura.md",
            "place: casa-verde",
            "place: casa-verde\nsequence: 2",
            "agenda/2020-03-07-apertura.md, riga 8: sequence dice che l'appuntamento è cambiato, ma non quando. "
            "Aggiungi updated: con il giorno dell'ultimo cambiamento.",
        ),
        (
            "agenda/2020-03-07-apertura.md",
            "starts: 10:30",
            "until: 2020-03-06",
            "agenda/2020-03-07-apertura.md, riga 6: l'ultimo giorno «2020-03-06» viene prima del primo, «2020-03-07».",
        ),
        (
            "agenda/2020-03-07-apertura.md",
            "starts: 10:30",
            "starts: 20:30\nends: 18:00",
            "agenda/2020-03-07-apertura.md, riga 7: finisce alle «18:00», ma comincia alle «20:30». Se finisce il "
            "giorno dopo, aggiungi until: 2020-03-08",
        ),
        (
            "agenda/2020-03-07-apertura.md",
            "starts: 10:30",
            "ends: 12:00",
            "agenda/2020-03-07-apertura.md, riga 6: c'è l'ora di fine e manca quella d'inizio. Aggiungi starts, o "
            "togli ends.",
        ),
        (
            "agenda/2020-03-07-apertura.md",
            "town: rho",
            "location: Villa Burba",
            "agenda/2020-03-07-apertura.md, riga 8: dove si fa è scritto due volte: tieni place oppure location.",
        ),
        (
            "agenda/2020-03-07-apertura.md",
            "town: rho",
            "town: arese",
            "agenda/2020-03-07-apertura.md, riga 8: «casa-verde» è a «rho», non a «arese». Scrivi town: rho, "
            "o togli la riga.",
        ),
        (
            "agenda/2020-03-07-apertura.md",
            "date: 2020-03-07",
            "date: 0202-03-07",
            "agenda/2020-03-07-apertura.md, riga 5: l'anno di «0202-03-07» non torna. Scrivi così: date: 2018-11-30",
        ),
        (
            STORY,
            "date: 2020-03-07",
            "date: 0202-03-07",
            f"{STORY}, riga 5: la data «0202-03-07» non si capisce. Scrivi così: date: 2016-05-12",
        ),
        (
            STORY,
            "## Come è andata\n\nÈ andata bene. Siamo stati a [Casa Verde](../luoghi/casa-verde.md).",
            "",
            f"{STORY}, riga 2: la storia non ha testo. Scrivilo sotto la seconda riga con ---, o lasciala in bozza.",
        ),
        (
            "luoghi/casa-verde.md",
            "closes: 12:00",
            "closes: 09:30",
            "luoghi/casa-verde.md, riga 8: chiude alle «09:30», ma apre alle «10:30». Controlla le due ore.",
        ),
        (
            "luoghi/casa-verde.md",
            "town: rho",
            "town: '???'",
            "luoghi/casa-verde.md, riga 4: town «???» non si capisce. Scrivi così: town: rho",
        ),
        (
            "luoghi/casa-verde.md",
            "town: rho",
            "town: rho\nphone: chiedi in sede",
            "luoghi/casa-verde.md, riga 5: phone «chiedi in sede» non si capisce. Scrivi così: phone: 02 1234567",
        ),
        (
            "valutazione/insalate.yml",
            "period: 2020–2021",
            "period: 2021-2020",
            "valutazione/insalate.yml, riga 10: period «2021-2020» finisce prima di cominciare. Scrivi prima l'anno "
            "più vecchio: period: 2020–2021",
        ),
        (
            "valutazione/insalate.yml",
            "period: 2020–2021",
            "period: triennio",
            "valutazione/insalate.yml, riga 10: period «triennio» non dice l'anno. Scrivi così: period: 2015–2018",
        ),
        (
            "valutazione/insalate.yml",
            "period: 2020–2021",
            "period: 2020-21",
            "valutazione/insalate.yml, riga 10: period «2020-21» ha un anno a metà. Scrivi i due anni per intero: "
            "period: 2015–2018",
        ),
        (
            "rete/sconosciuta.md",
            "order: 2",
            "order: 1",
            "rete/sconosciuta.md, riga 4: order 1 è già di rete/orti-riuniti.md: scegli un altro numero.",
        ),
        (
            "luoghi/casa-verde.md",
            "opens: 10:30",
            "opens: 25:30",
            "luoghi/casa-verde.md, riga 8: l'ora «25:30» non si capisce. Scrivi così: opens: 10:00",
        ),
        (
            "campagne/zappe-nuove.md",
            "goal_euros: 500",
            "goal_euros: molti",
            "campagne/zappe-nuove.md, riga 5: goal_euros «molti» non si capisce. Scrivi così: goal_euros: 5000",
        ),
        (
            "campagne/zappe-nuove.md",
            "goal_euros: 500",
            "goal_euros: 20.000",
            "campagne/zappe-nuove.md, riga 5: goal_euros «20.000» ha un punto. Scrivi solo cifre: goal_euros: 20000",
        ),
        (
            "campagne/zappe-nuove.md",
            "goal_euros: 500",
            "goal_euros: 1_000",
            "campagne/zappe-nuove.md, riga 5: goal_euros «1_000» ha un trattino basso. Scrivi solo cifre: "
            "goal_euros: 1000",
        ),
        (
            "campagne/zappe-nuove.md",
            "suggested_euros: [10, 25, 50]",
            "suggested_euros: [1.000, 20]",
            "campagne/zappe-nuove.md, riga 6: suggested_euros «1.000» ha un punto. Scrivi solo cifre: 1000",
        ),
        (
            "valutazione/insalate.yml",
            "value: 400",
            "value: 3287.0",
            "valutazione/insalate.yml, riga 9: value «3287.0» ha un punto. Scrivi solo cifre.",
        ),
        (
            "campagne/zappe-nuove.md",
            "goal_euros: 500",
            "example: forse",
            "campagne/zappe-nuove.md, riga 5: example «forse» non si capisce. Scrivi sì oppure no.",
        ),
        (
            "valutazione/insalate.yml",
            "value: 400",
            "value: 4e2",
            "valutazione/insalate.yml, riga 9: value «4e2» non si capisce. Scrivi così: value: 1600",
        ),
        (
            "opportunita/2026-11-01-annaffiare.md",
            "kind: volontariato",
            "kind: favore",
            "opportunita/2026-11-01-annaffiare.md, riga 5: kind «favore» non è fra quelli ammessi. "
            "Scegli fra: lavoro, tirocinio, volontariato, corso.",
        ),
        (
            "opportunita/2026-11-01-annaffiare.md",
            "member: orti-riuniti\n",
            "",
            "opportunita/2026-11-01-annaffiare.md, riga 5: manca chi la offre. Scrivi così: member: afol, "
            "o per chi non è della rete: organisation: Forno di piazza",
        ),
        (
            "opportunita/2026-11-01-annaffiare.md",
            "town: rho",
            "organisation: Il signor Gino",
            "opportunita/2026-11-01-annaffiare.md, riga 9: chi la offre è scritto due volte: "
            "tieni member oppure organisation.",
        ),
        (
            "opportunita/2026-11-01-annaffiare.md",
            "expires: 2099-12-31",
            "expires: 2026-10-31",
            "opportunita/2026-11-01-annaffiare.md, riga 7: la scadenza «2026-10-31» viene prima "
            "della pubblicazione, «2026-11-01».",
        ),
        (
            "opportunita/2026-11-01-annaffiare.md",
            "id: op-2026-001",
            "id: op-2020-001",
            "opportunita/2026-11-01-annaffiare.md, riga 4: il codice «op-2020-001» è già di "
            "opportunita/2020-02-01-corso-di-potatura.md. Dagliene uno nuovo.",
        ),
        (
            "rete/orti-riuniti.md",
            "sources:",
            "named_with:\n  - what: Un orto in due\n    members: [sconosciuta, sconosciutta]\n"
            "    sources: [{title: Il blog, date: 2020}]\nsources:",
            "rete/orti-riuniti.md, riga 13: «sconosciutta» non è nella rete. "
            "Controlla il nome del file in rete/, o toglilo da members.",
        ),
        (
            "bisogni/compagnia.md",
            "members: [sconosciuta]",
            "members: [sconosciuti]",
            "bisogni/compagnia.md, riga 12: «sconosciuti» non è nella rete. Controlla il nome del file in rete/, "
            "o toglilo da members.",
        ),
        (
            "progetto/cronologia.yml",
            "2020-03-07-prima-zappata",
            "2020-03-07-zappata",
            "progetto/cronologia.yml, riga 4: «2020-03-07-zappata» non è fra le storie. "
            "Controlla il nome del file in storie/, o toglilo da story.",
        ),
    ],
)
def test_a_slip_is_named_with_its_line_and_its_remedy(example, path, old, new, said):
    """Each slip is one that people really make; the message is all they need."""
    change(example, path, old, new)

    assert said in said_of(example)


def test_every_problem_is_shown_at_once(example):
    """An editor who mends one fault at a time would never finish."""
    change(example, STORY, "date: 2020-03-07\n", "date: ieri\n")
    change(example, "azioni/orto.md", "number: 1", "number: 9")
    (example / "luoghi" / "Casa Blu.md").write_text("---\ntitle: Casa Blu\n---\n", encoding="utf-8")

    said = said_of(example)

    assert any(line.startswith(f"{STORY}, riga 5: la data «ieri»") for line in said)
    assert any(
        line.startswith("azioni/orto.md, riga 4: number «9» è troppo grande") for line in said
    )
    assert any(
        line.startswith("luoghi/Casa Blu.md, riga 1: il nome del file «Casa Blu.md»")
        for line in said
    )


@pytest.mark.parametrize("name", ["01", "0", "²", "primo"])
def test_an_issue_is_called_by_its_number_and_in_one_way(example, name):
    """Else 01.md and 1.md would both be the first."""
    issue = example / "newsletter" / "1.md"
    issue.with_name(f"{name}.md").write_text(issue.read_text(encoding="utf-8"), encoding="utf-8")

    assert any(line.startswith(f"newsletter/{name}.md, riga 1: ") for line in said_of(example))


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("luoghi/casa-verde.md", "closes: 12:00", "closes: 01:00"),
        ("luoghi/casa-verde.md", "closes: 12:00", "closes: 00:00"),
        ("agenda/2020-03-07-apertura.md", "starts: 10:30", "starts: 20:30\nends: 01:00"),
        (
            "agenda/2020-03-07-apertura.md",
            "town: rho",
            "town: rho\nsequence: 2\nupdated: 2020-03-01",
        ),
        ("luoghi/casa-verde.md", "town: rho", "town: rho\nphone: (02) 1234567"),
        ("valutazione/insalate.yml", "period: 2020–2021", "period: 1–15 maggio 2018"),
        ("valutazione/insalate.yml", "period: 2020–2021", "period: dal 30/11/2018 al 5/12/2018"),
        ("valutazione/insalate.yml", "period: 2020–2021", "period: 2018 (stima 2015)"),
    ],
)
def test_what_is_right_and_seldom_is_left_alone(example, path, old, new):
    """A café is open until one in the morning, and a count is of two weeks."""
    change(example, path, old, new)

    assert said_of(example) == []


def test_a_year_nobody_has_lived_in_is_no_reason_to_fall(example):
    change(example, STORY, "date: 2020-03-07\n", "date: 0000-05-40\n")

    assert any(
        line.startswith(f"{STORY}, riga 5: la data «0000-05-40»") for line in said_of(example)
    )


def test_a_missing_field_is_asked_for_with_an_example(example):
    """The message says the field, what it is for and how to write it."""
    change(example, "luoghi/casa-verde.md", "town: rho\n", "")

    assert (
        "luoghi/casa-verde.md, riga 1: manca «town». Il comune. Scrivi così: town: rho"
        in said_of(example)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Solo testo.\n",
            "riga 1: manca l'intestazione. La prima riga deve essere --- e sotto: title: Il titolo",
        ),
        (
            "---\ntitle: Aperta\n",
            "riga 1: l'intestazione non si chiude. Dopo l'ultimo campo metti una riga con ---",
        ),
        (
            "---\n- un elenco\n---\n",
            "riga 1: qui servono campi con il loro valore. Scrivi così: title: Il titolo",
        ),
        (
            "",
            "riga 1: manca l'intestazione. La prima riga deve essere --- e sotto: title: Il titolo",
        ),
    ],
)
def test_a_page_without_a_proper_heading_is_a_problem(example, text, said):
    """The four ways to get the three hyphens wrong."""
    (example / "pagina.md").write_text(text, encoding="utf-8")

    assert said_of(example) == [f"pagina.md, {said}"]


def test_a_file_that_is_not_utf_8_is_named_with_the_line(example):
    """Old editors still save Italian accents in Latin-1."""
    (example / "pagina.md").write_bytes("---\ntitle: Città\n---\n".encode("latin-1"))

    assert said_of(example) == [
        "pagina.md, riga 2: il file non è in UTF-8: un carattere non si legge, forse in «Città». "
        "Nel programma con cui scrivi scegli «Salva con nome» e la codifica UTF-8."
    ]


def test_a_byte_order_mark_is_forgiven(example):
    """Windows' Notepad writes one, and nobody can see it."""
    file = example / STORY
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert said_of(example) == []


def test_values_that_yaml_would_change_stay_what_was_written(example):
    """`00100` is a postcode, `10:30` a time, and `no` may be a name."""
    change(example, "rete/orti-riuniti.md", "town: rho", "town: rho\nname_2014: no\naddress: 00100")

    site = ContentReader(example, TODAY).read()

    member = site.member("orti-riuniti")
    assert (member.name_2014, member.address) == ("no", "00100")
    assert site.place("casa-verde").hours[0].opens == "10:30"


def test_the_same_permanent_id_twice_is_a_problem(example):
    """Feed readers would take two stories for one."""
    change(example, "storie/2021-09-11-le-zucche.md", "id: st-2021-001", "id: st-2020-001")

    assert said_of(example) == [
        "storie/2021-09-11-le-zucche.md, riga 4: il codice «st-2020-001» è già di "
        "storie/2020-03-07-prima-zappata.md. Dagliene uno nuovo."
    ]


@pytest.mark.parametrize(
    ("consent", "fault"),
    [
        ("", "racconta una persona vera ma non ha il suo consenso"),
        ("consent: {kind: non-serve}\n", "racconta una persona vera ma non ha il suo consenso"),
        ("consent: {kind: scritto}\n", "ha un consenso senza scadenza"),
        ("consent: {kind: scritto, until: 2026-11-21}\n", "ha un consenso scaduto il 21/11/2026"),
    ],
)
def test_a_real_person_is_not_told_about_without_consent(example, consent, fault):
    """Nor one day after the consent has run out."""
    change(example, STORY, "towns: [rho]\n", f"towns: [rho]\nreal_person: sì\n{consent}")

    said = said_of(example)

    assert len(said) == 1
    assert f"la storia {fault}" in said[0]


def test_consent_holds_on_its_last_day(example):
    """«Fino al 22» includes the 22nd."""
    change(
        example,
        STORY,
        "towns: [rho]\n",
        "towns: [rho]\nreal_person: sì\nconsent: {kind: scritto, until: 2026-11-22}\n",
    )

    assert said_of(example) == []


def test_the_editors_guide_and_the_models_are_not_pages(example):
    """They stand in the same folder and must never be published."""
    (example / "LEGGIMI.md").write_text("Solo testo.\n", encoding="utf-8")
    (example / "_modelli").mkdir()
    (example / "_modelli" / "storia.md").write_text("Solo testo.\n", encoding="utf-8")

    assert said_of(example) == []


@pytest.mark.parametrize(
    ("path", "length", "weight"),
    [(STORY, 20_000_000, "20"), ("rete/comuni.yml", 1_000_001, "1,1")],
)
def test_a_file_that_nobody_can_have_written_is_not_read(example, path, length, weight):
    """Every check would wait for it: it is a picture inside of a text, or a book."""
    with (example / path).open("ab") as file:
        file.truncate(length)

    assert (
        f"{path}, riga 1: il file pesa {weight} MB, e qui si arriva a 1 MB. Se contiene immagini, "
        "mettile in file a parte; se è un testo così lungo, dividilo in più pagine."
    ) in said_of(example)


def test_a_long_page_is_read(example):
    """As long as anybody would write one."""
    with (example / STORY).open("ab") as file:
        file.write(b"\nUna frase come tante." * 30_000)

    assert said_of(example) == []


def test_a_data_file_that_is_missing_is_asked_for(example):
    """The site does not quietly lose its timeline."""
    (example / "progetto" / "cronologia.yml").unlink()

    assert said_of(example) == [
        "progetto/cronologia.yml, riga 1: il file manca. Rimettilo: il sito non si costruisce senza."
    ]


def test_two_files_at_one_address_are_named(example):
    """One of them was lost without a word."""
    text = (example / "luoghi" / "index.md").read_text(encoding="utf-8")
    (example / "luoghi.md").write_text(text, encoding="utf-8")

    assert said_of(example) == [
        "luoghi.md, riga 1: luoghi.md ha lo stesso indirizzo di luoghi/index.md (/luoghi/): tienine uno, o cambia "
        "nome al file."
    ]


def test_a_page_in_the_place_of_one_the_site_writes_is_named(example):
    page = example / "storie" / "azione"
    page.mkdir()
    text = (example / "luoghi" / "index.md").read_text(encoding="utf-8")
    (page / "orto.md").write_text(text, encoding="utf-8")

    assert said_of(example) == [
        "storie/azione/orto.md, riga 1: /storie/azione/orto/ è l'indirizzo di una pagina che il sito scrive da sé: "
        "cambia nome al file."
    ]


def test_two_indicators_at_one_place_are_named(example):
    text = (example / "valutazione" / "insalate.yml").read_text(encoding="utf-8")
    (example / "valutazione" / "pomodori.yml").write_text(text, encoding="utf-8")

    assert said_of(example) == [
        "valutazione/pomodori.yml, riga 5: order 1 è già di valutazione/insalate.yml: scegli un altro numero."
    ]


@pytest.mark.parametrize(
    ("name", "ending"),
    [("x.MD", ".md"), ("x.markdown", ".md"), ("x.md.txt", ".md"), ("x", ".md"), ("x.docx", ".md"), ("x.odt", ".md"),
     ("x.yaml", ".yml"), ("x.YML", ".yml")],
)  # fmt: skip
def test_a_file_that_becomes_no_page_is_named(example, name, ending):
    """Whoever wrote it would look for it on the site."""
    (example / "storie" / name).write_text("ciao", encoding="utf-8")

    (said,) = said_of(example)

    assert said.startswith(f"storie/{name}, riga 1: questo file non ")
    assert f"Il nome deve finire in {ending}, minuscolo." in said


@pytest.mark.parametrize(
    "name", [".DS_Store", "Thumbs.db", "~$x.docx", ".#x.md", "x.md~", "#x.md#", "_x.docx", "x.jpg"]
)
def test_what_editors_leave_behind_is_nobodys_business(example, name):
    (example / "storie" / name).write_text("ciao", encoding="utf-8")

    assert said_of(example) == []


def test_a_document_to_download_is_meant_as_one(example):
    (example / "storie" / "modulo.docx").write_bytes(b"PK")
    change(example, STORY, "È andata bene.", "È andata [bene](modulo.docx).")

    assert said_of(example) == []


def test_all_that_is_wrong_with_an_event_is_said_at_once(example):
    """Who is told one fault at a time gives up."""
    change(
        example,
        "agenda/2020-03-07-apertura.md",
        "town: rho",
        "town: rho\nuntil: 2020-03-01\nlocation: Villa Burba",
    )

    assert [said.partition(": ")[0].rpartition(" ")[2] for said in said_of(example)] == [
        "9",
        "10",
    ]
