"""The open data: files any program reads, and a document that tells the truth about them."""

import csv
import hashlib
import io
import json
import re

import pytest

from portal.model.network import Network
from portal.writers.data_tables import data_tables
from portal.writers.open_data import write_open_data

from .builders import (
    a_campaign,
    a_member,
    a_place,
    a_recipient,
    a_site,
    a_story,
    a_town,
    an_action,
    an_indicator,
)

SITE_URL = "https://www.esempio.it/"
A_NEWSPAPER = {"title": "Legnanonews", "url": "https://www.esempio.it/a|b", "date": "2018-05"}


def the_site(**fields):
    network = Network(
        (
            a_member(
                "sercop",
                title='Sercop, «l\'azienda» "speciale"',
                role="capofila",
                town="rho",
                areas=("casa", "comunita"),
                sources=(A_NEWSPAPER, {"title": "Documento di progetto", "date": "2014"}),
            ),
            a_member("vigoni", order=2, areas=("casa",)),
        ),
        (a_town("rho", 9.0402, 45.5285, istat="015182"),),
        (),
    )
    plain = {
        "network": network,
        "actions": (an_action("smart-house", number=3, area="casa", title="Smart House"),),
        "places": (
            a_place(
                members=("sercop", "vigoni"),
                hours=({"day": "martedì", "opens": "10:00", "closes": "12:30"},),
                opened="~2015",
            ),
        ),
        "stories": (a_story(date="2016-05", members=("sercop",), places=("opcafe-rho",)),),
        "campaigns": (a_campaign(),),
        "recipients": (a_recipient(),),
        "indicators": (
            an_indicator(
                {"period": "2015–2017", "value": 900, "qualifier": "quasi"},
                {"period": "2015–2018", "value": 1600, "unit": "ore"},
            ),
        ),
    }
    return a_site(**{**plain, **fields})


def written(**fields):
    return write_open_data(the_site(**fields), SITE_URL)


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def package(files):
    return json.loads(files["dati/datapackage.json"])


def test_spreadsheet_reads_the_network():
    sercop, vigoni = rows(written()["dati/rete.csv"])

    assert sercop["id"] == "sercop"
    assert sercop["nome"] == 'Sercop, «l\'azienda» "speciale"'
    assert sercop["aree"] == "casa|comunita"
    assert (sercop["comune"], sercop["comune_istat"]) == ("Rho", "015182")
    assert (sercop["lat"], sercop["lon"], sercop["precisione"]) == ("45.5285", "9.0402", "comune")
    assert sercop["pagina"] == "https://www.esempio.it/rete/sercop/"
    assert (vigoni["comune"], vigoni["lat"], vigoni["aree"]) == ("", "", "casa")


def test_places_stories_and_figures_are_tables_too():
    files = written()

    [rho] = rows(files["dati/luoghi.csv"])
    assert (rho["orari"], rho["aperto_dal"], rho["confermato"]) == (
        "martedì 10:00–12:30",
        "~2015",
        "no",
    )
    [story] = rows(files["dati/storie.csv"])
    assert (story["id"], story["data"], story["luoghi"]) == ("st-2016-001", "2016-05", "opcafe-rho")
    first, second = rows(files["dati/indicatori.csv"])
    assert (first["valore"], first["approssimazione"], first["unita"]) == (
        "900",
        "quasi",
        "colloqui",
    )
    assert (second["valore"], second["approssimazione"], second["unita"]) == ("1600", "", "ore")


def test_figure_alone_is_the_same_rows():
    other = an_indicator({"period": "2018", "value": 3}, id="posti-letto", order=2)
    files = written(indicators=(*the_site().indicators, other))

    assert rows(files["valutazione/colloqui-lavoro.csv"]) == rows(files["dati/indicatori.csv"])[:2]
    assert rows(files["valutazione/posti-letto.csv"]) == rows(files["dati/indicatori.csv"])[2:]


def test_no_figure_leaves_without_what_it_does_not_say():
    """Whoever takes the table alone is told no less than whoever reads the page."""
    measure = {"period": "2018", "value": 3}
    files = written(
        indicators=(
            an_indicator(measure, id="una"),
            an_indicator(measure, id="altra", order=2, kind="signal"),
            an_indicator(measure, id="terza", order=3, caution="non conta chi è tornato."),
        )
    )

    assert [row["cautela"] for row in rows(files["dati/indicatori.csv"])] == [
        "è un'attività: non dice che cosa è cambiato dopo, per le persone.",
        "è un segnale: fa pensare a un cambiamento, ma non lo dimostra.",
        "non conta chi è tornato.",
    ]


def test_csv_is_what_rfc_4180_says():
    """Comma, CR LF, one header, quotes doubled, no mark at the beginning of the file."""
    content = written()["dati/rete.csv"]

    assert content.startswith(b"id,nome,nome_ufficiale,")
    assert content.count(b"\r\n") == content.count(b"\n") == 3
    assert '"Sercop, «l\'azienda» ""speciale"""'.encode() in content


def test_separator_of_lists_is_never_inside_an_item():
    """An address with that sign in it is encoded, and a source on paper is not listed."""
    sercop = rows(written()["dati/rete.csv"])[0]

    assert sercop["fonti"].split("|") == ["https://www.esempio.it/a%7Cb"]


def test_geojson_points_at_the_town_longitude_first():
    """Who is in no known town is there too, without a point."""
    collection = json.loads(written()["dati/rete.geojson"])

    sercop, vigoni = collection["features"]
    assert collection["type"] == "FeatureCollection"
    assert sercop["geometry"] == {"type": "Point", "coordinates": [9.0402, 45.5285]}
    assert sercop["properties"]["precisione"] == "comune"
    assert sercop["properties"]["aree"] == ["casa", "comunita"]
    assert vigoni["geometry"] is None
    assert vigoni["properties"]["precisione"] is None
    assert {feature["type"] for feature in collection["features"]} == {"Feature"}


def test_json_holds_the_ties_and_their_reasons():
    document = json.loads(written()["dati/rete.json"])

    assert [member["id"] for member in document["organizzazioni"]] == ["sercop", "vigoni"]
    assert document["legami"] == [
        {
            "una": "sercop",
            "altra": "vigoni",
            "motivi": [
                {
                    "tipo": "azione",
                    "nome": "Smart House",
                    "pagina": "https://www.esempio.it/azioni/smart-house/",
                },
                {
                    "tipo": "luogo",
                    "nome": "#OPcafé di Rho",
                    "pagina": "https://www.esempio.it/luoghi/opcafe-rho/",
                },
            ],
        }
    ]


def test_package_describes_the_files_as_they_are():
    """Their place, their size and their fingerprint; none is left out but the package itself."""
    files = written()

    resources = package(files)["resources"]

    assert {f"dati/{resource['path']}" for resource in resources} == {
        path for path in files if path.startswith("dati/")
    } - {"dati/datapackage.json"}
    for resource in resources:
        content = files[f"dati/{resource['path']}"]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert re.fullmatch("[a-z0-9._-]+", resource["name"])


def keys_of(value, way=""):
    """The way to each key of a JSON document: `legami[].una` is the `una` of each of its `legami`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            key = f"{way}.{name}" if way else name
            yield key
            yield from keys_of(inner, key)
    if isinstance(value, list):
        for inner in value:
            yield from keys_of(inner, f"{way}[]")


def test_package_explains_every_key_of_every_file():
    """Also those no table has, and no key that is not there."""
    files = written()

    for resource in package(files)["resources"]:
        content = files[f"dati/{resource['path']}"]
        if resource["format"] == "csv":
            explained, there = resource["schema"]["fields"], list(rows(content)[0])
        else:
            explained, there = resource["campi"], keys_of(json.loads(content))
        assert {field["name"] for field in explained} == set(there), resource["name"]
        assert all(field["description"] and field["type"] for field in explained)


def test_package_says_of_each_file_what_it_is():
    """What is one per row in the CSV is an array in the others, with nothing between its items."""
    resources = {resource["name"]: resource for resource in package(written())["resources"]}
    network, points, ties = (resources[name] for name in ("rete", "rete-geojson", "rete-json"))
    areas = [field for field in ties["campi"] if field["name"] == "organizzazioni[].aree"]

    assert len({resource["description"] for resource in (network, points, ties)}) == 3
    assert "per riga" not in points["description"] + ties["description"]
    assert "legami" in ties["description"]
    assert [field["type"] for field in areas] == ["array"]
    assert not any("delimiter" in field for field in (*points["campi"], *ties["campi"]))
    assert not any(field["type"] == "list" for field in (*points["campi"], *ties["campi"]))


def faults(resource, content):
    """What in a table is not as its schema says (https://datapackage.org/standard/table-schema/)."""
    fields = resource["schema"]["fields"]
    table = rows(content)
    if list(table[0]) != [field["name"] for field in fields]:
        yield "other fields than described"
    for field in fields:
        constraints = field.get("constraints", {})
        cells = [row[field["name"]] for row in table]
        if constraints.get("unique") and len(set(cells)) < len(cells):
            yield f"{field['name']} is not unique"
        for cell in cells:
            if not cell:
                if constraints.get("required"):
                    yield f"{field['name']} is missing"
                continue
            items = cell.split(field["delimiter"]) if field["type"] == "list" else [cell]
            fits = {
                "integer": r"-?\d+",
                "number": r"-?\d+(\.\d+)?",
                "boolean": "|".join(field.get("trueValues", []) + field.get("falseValues", [])),
            }.get(
                field["type"],
                constraints.get("pattern", r"https?://\S+" if "format" in field else r".+"),
            )
            if not all(re.fullmatch(fits, item) for item in items):
                yield f"{field['name']}: {cell}"
            if "enum" in constraints and cell not in constraints["enum"]:
                yield f"{field['name']}: {cell} is none of {constraints['enum']}"


def test_every_cell_is_of_the_type_that_is_described():
    files = written()

    tables = [r for r in package(files)["resources"] if r.get("type") == "table"]

    assert [table["name"] for table in tables] == [
        "rete", "luoghi", "storie", "indicatori", "raccolte",
    ]  # fmt: skip
    for table in tables:
        assert list(faults(table, files[f"dati/{table['path']}"])) == []


def test_every_field_is_explained_in_a_sentence():
    for table in data_tables(the_site(), SITE_URL):
        own = [field for file in table.more_files for field in file.fields]
        for field in (*table.fields, *own):
            assert re.fullmatch(r"\w.{6,}\.", field.description), field.name
            assert field.type_label


def test_licence_is_said_to_be_undecided():
    """No file may promise a freedom that nobody has given."""
    files = written()

    assert "licenses" not in package(files)
    for path in ("dati/rete.json", "dati/rete.geojson", "dati/datapackage.json"):
        assert json.loads(files[path])["licenza"].startswith("Da confermare")


def test_version_changes_with_the_data_and_with_nothing_else():
    version = package(written())["version"]

    assert re.fullmatch(r"1\.0\.0\+[0-9a-f]{12}", version)
    assert package(written())["version"] == version
    assert package(written(stories=()))["version"] != version


def test_sources_are_named_once():
    """Also one that many rows cite; a source on paper has no address."""
    member = a_member("a-uno", sources=(A_NEWSPAPER, {"title": "Archivio", "date": "s.d."}))
    again = a_member("b-due", order=2, sources=({**A_NEWSPAPER, "date": "2019"},))

    [network, *_] = package(
        written(network=Network((member, again), (), ()), places=(), stories=())
    )["resources"]

    assert network["sources"] == [
        {"title": "Archivio"},
        {"title": "Legnanonews", "path": "https://www.esempio.it/a|b"},
    ]


def test_site_without_content_still_has_tables():
    files = write_open_data(a_site(), SITE_URL)

    assert files["dati/luoghi.csv"].startswith(b"id,nome,descrizione,")
    assert json.loads(files["dati/rete.geojson"])["features"] == []


@pytest.mark.parametrize("path", ["dati/rete.csv", "dati/rete.geojson", "dati/datapackage.json"])
def test_two_builds_give_the_same_bytes(path):
    assert written()[path] == written()[path]


def test_page_for_people_tells_each_table_and_its_files():
    network, places, *_ = data_tables(the_site(), SITE_URL)

    assert (network.title, len(network.rows)) == ("La rete", 2)
    assert network.files == ("dati/rete.csv", "dati/rete.geojson", "dati/rete.json")
    assert places.files == ("dati/luoghi.csv",)
    labels = {field.name: field.type_label for field in places.fields}
    assert labels["confermato"] == "sì o no"
    assert labels["azioni"] == "elenco; nel CSV con | fra una voce e l'altra"
    assert labels["pagina"] == "indirizzo web"
