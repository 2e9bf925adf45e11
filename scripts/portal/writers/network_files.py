"""The network as GeoJSON and as JSON: how these files are explained. `open_data` writes them."""

from __future__ import annotations

from portal.writers.data_field import DataField
from portal.writers.data_file import DataFile
from portal.writers.relations import KINDS

_UNLIKE_CSV = (
    "A differenza del CSV, un elenco è una lista vera e quello che nessuna fonte dice è null."
)
_LICENCE = DataField("licenza", "string", "Se e come si possono riusare i dati.")

NETWORK_GEOJSON = DataFile(
    "dati/rete.geojson",
    "Le organizzazioni della tabella, per le mappe (GeoJSON, RFC 7946): con un punto del comune, "
    "dove una fonte dice qual è. " + _UNLIKE_CSV,
    "features[].properties",
    (
        DataField("type", "string", "Sempre FeatureCollection, come vuole il formato."),
        _LICENCE,
        DataField("features", "array", "Le organizzazioni, una per voce."),
        DataField("features[].type", "string", "Sempre Feature, come vuole il formato."),
        DataField("features[].id", "string", "Il codice dell'organizzazione."),
        DataField(
            "features[].geometry",
            "object",
            "Un punto del comune, non della sede; null se nessuna fonte dice il comune.",
        ),
        DataField("features[].geometry.type", "string", "Sempre Point, come vuole il formato."),
        DataField(
            "features[].geometry.coordinates",
            "array",
            "La longitudine, poi la latitudine (WGS 84).",
        ),
        DataField("features[].properties", "object", "I campi della tabella, tranne lat e lon."),
    ),
    left_out=("lat", "lon"),
)

NETWORK_JSON = DataFile(
    "dati/rete.json",
    "Le organizzazioni della tabella e i legami fra loro, con i motivi. " + _UNLIKE_CSV,
    "organizzazioni[]",
    (
        _LICENCE,
        DataField(
            "organizzazioni", "array", "Le organizzazioni, una per voce, con i campi della tabella."
        ),
        DataField(
            "legami",
            "array",
            "Le coppie di organizzazioni che le fonti nominano insieme. Un legame non dice di più.",
        ),
        DataField("legami[].una", "string", "Il codice della prima delle due organizzazioni."),
        DataField("legami[].altra", "string", "Il codice della seconda."),
        DataField("legami[].motivi", "array", "Che cosa le lega: almeno un motivo."),
        DataField(
            "legami[].motivi[].tipo",
            "string",
            f"Che cos'hanno in comune: {', '.join(KINDS[:-1])} o {KINDS[-1]}.",
            constraints={"enum": list(KINDS)},
        ),
        DataField("legami[].motivi[].nome", "string", "Come si chiama quello che hanno in comune."),
        DataField("legami[].motivi[].pagina", "string", "La sua pagina sul sito.", format="uri"),
    ),
)
