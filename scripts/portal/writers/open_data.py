"""The open data: the tables as files to take away, and the document that explains them to programs.

CSV for every table and for every figure alone; the network also as GeoJSON
(RFC 7946), a point per town and none where no source gives the town, and as
JSON with its ties. `dati/datapackage.json` describes the files under `dati/`
(https://datapackage.org/, version 2); the CSV of a single figure stands with
its page and says nothing that `indicatori.csv` does not. The boundaries of the
municipalities are others' work, under CC BY 4.0, and are not among these files.
"""

from __future__ import annotations

import hashlib
from typing import Any

from portal.model.indicator import Indicator
from portal.model.site import Site
from portal.model.source import Source
from portal.writers.absolute_links import absolute_url
from portal.writers.data_field import LIST_DELIMITER, DataField
from portal.writers.data_file import DataFile
from portal.writers.data_table import NO, YES, DataTable
from portal.writers.data_tables import data_tables, indicator_table
from portal.writers.json_document import write_json
from portal.writers.network_files import NETWORK_GEOJSON, NETWORK_JSON
from portal.writers.relations import relations

SHAPE_VERSION = "1.0.0"
"""The version of the fields: raised when a program that reads them would have to change."""

LICENCE = "Da confermare: la licenza di questi dati non è ancora stata decisa"
"""No licence yet: who wants to reuse the data has to ask, and is told so."""

_MEDIA_TYPES = {"csv": "text/csv", "geojson": "application/geo+json", "json": "application/json"}


def write_open_data(site: Site, site_url: str) -> dict[str, bytes]:
    """Write every file of the open data, by its path on the site."""
    tables = data_tables(site, site_url)
    written = _table_files(tables, site, site_url)
    written["dati/datapackage.json"] = write_json(_data_package(tables, written, site_url))
    for indicator in site.indicators:
        written[indicator_csv_url(indicator)] = indicator_table(indicator).as_csv()
    return written


def data_version(site: Site, site_url: str) -> str:
    """The version of the tables, as `datapackage.json` gives it."""
    return _version(_table_files(data_tables(site, site_url), site, site_url))


def indicator_csv_url(indicator: Indicator) -> str:
    """Where the values of one figure are as CSV, relative to the site's root."""
    return f"valutazione/{indicator.id}.csv"


def _table_files(tables: tuple[DataTable, ...], site: Site, site_url: str) -> dict[str, bytes]:
    network = tables[0]
    return {
        **{table.csv_url: table.as_csv() for table in tables},
        NETWORK_GEOJSON.url: write_json(_network_geojson(network)),
        NETWORK_JSON.url: write_json(_network_json(network, site, site_url)),
    }


def _network_geojson(network: DataTable) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "licenza": LICENCE,
        "features": [
            {
                "type": "Feature",
                "id": row["id"],
                "geometry": _point(row["lon"], row["lat"]),
                "properties": {
                    name: row[name] for name in row if name not in NETWORK_GEOJSON.left_out
                },
            }
            for row in network.rows
        ],
    }


def _point(lon: float | None, lat: float | None) -> dict[str, Any] | None:
    """A point, longitude first (RFC 7946 §3.1.1)."""
    return None if lon is None else {"type": "Point", "coordinates": [lon, lat]}


def _network_json(network: DataTable, site: Site, site_url: str) -> dict[str, Any]:
    return {
        "licenza": LICENCE,
        "organizzazioni": list(network.rows),
        "legami": [
            {
                "una": tie.one.slug,
                "altra": tie.other.slug,
                "motivi": [
                    {
                        "tipo": hub.kind,
                        "nome": hub.title,
                        "pagina": absolute_url(site_url, hub.url),
                    }
                    for hub in tie.reasons
                ],
            }
            for tie in relations(site)
        ],
    }


def _data_package(
    tables: tuple[DataTable, ...], files: dict[str, bytes], site_url: str
) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "oltreiperimetri",
        "title": "I dati di #Oltreiperimetri",
        "description": "La rete, i luoghi, le storie e i numeri del progetto, con le loro fonti. "
        "Una cella vuota vuol dire che nessuna fonte lo dice, non che non c'è.",
        "homepage": absolute_url(site_url, "dati/"),
        "version": _version(files),
        # A licence is named by an identifier or an address, and there is none to give.
        "licenza": LICENCE,
        "keywords": ["welfare di comunità", "Rhodense", "reti sociali"],
        "resources": [
            resource
            for table in tables
            for resource in (
                _table_resource(table, files[table.csv_url]),
                *(_file_resource(file, table, files[file.url]) for file in table.more_files),
            )
        ],
    }


def _version(files: dict[str, bytes]) -> str:
    """The shape's version and a fingerprint of what the files say: the same data, the same version."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path} {len(files[path])}\n".encode() + files[path])
    return f"{SHAPE_VERSION}+{digest.hexdigest()[:12]}"


def _table_resource(table: DataTable, content: bytes) -> dict[str, Any]:
    sources = [_source(source) for source in table.sources]
    cited = {"sources": sources} if sources else {}
    described = _resource(table.name, table.title, table.description, table.csv_url, content)
    return {**described, "type": "table", **cited, "schema": _schema(table)}


def _file_resource(file: DataFile, table: DataTable, content: bytes) -> dict[str, Any]:
    """A file that is no table. A `schema` would promise columns, so its keys stand under `campi`."""
    name = file.name.replace(".", "-")
    described = _resource(name, table.title, file.description, file.url, content)
    return described | {"campi": [_field(field) for field in file.every_field(table.fields)]}


def _resource(name: str, title: str, said: str, path: str, content: bytes) -> dict[str, Any]:
    ending = path.rpartition(".")[2]
    return {
        "name": name,
        "title": title,
        "description": said,
        "path": path.removeprefix("dati/"),
        "format": ending,
        "mediatype": _MEDIA_TYPES[ending],
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _schema(table: DataTable) -> dict[str, Any]:
    fields = {"fields": [_field(field) for field in table.fields], "missingValues": [""]}
    return fields | ({"primaryKey": list(table.primary_key)} if table.primary_key else {})


def _field(field: DataField) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        "type": field.type,
        "description": field.description,
    }
    if field.format != "default":
        described["format"] = field.format
    if field.type == "boolean":
        described |= {"trueValues": [YES], "falseValues": [NO]}
    if field.type == "list":
        described |= {"delimiter": LIST_DELIMITER, "itemType": "string"}
    return described | ({"constraints": field.constraints} if field.constraints else {})


def _source(source: Source) -> dict[str, str]:
    return {"title": source.title} | ({"path": source.url} if source.url else {})
