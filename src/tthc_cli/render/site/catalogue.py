"""What the site says of its data to programs: a data package (frictionlessdata.io) and a DCAT catalogue (W3C)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tthc_cli.render.site.front import Summary
from tthc_cli.render.site.tables import FORMATS, table_schema
from tthc_cli.render.site.writing import Site, said

if TYPE_CHECKING:
    from collections.abc import Iterator

_DCAT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip


def data_package(site: Site, cards: Sequence[Summary]) -> bytes:
    """datapackage.json: every CSV file as a table with its schema, the others as files."""
    document: dict[str, Any] = {
        "profile": "data-package",
        "name": "tthc",
        "title": _title(site),
        "description": said(site.lang, "data.about"),
        **({"homepage": site.address} if site.address else {}),
        **({"licenses": [{"path": site.licence}]} if site.licence else {}),
        "resources": [resource for card in cards for resource in _resources(site, card)],
    }
    return _json(document)


def _title(site: Site) -> str:
    return " – ".join(part for part in (said(site.lang, "home.title"), site.province) if part)


def _slug(text: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in text.lower())


def _resources(site: Site, card: Summary) -> Iterator[dict[str, Any]]:
    stem = _slug(card["folder"])
    for file, (size, digest) in sorted(card["data"].items()):
        name, _, ending = file.partition(".")
        title = said(site.lang, f"data.{name}")
        resource = {
            "name": f"{stem}-{name}" if ending == "csv" else f"{stem}-{name}-{ending}",
            "title": f"{title}, {card['period']}: {card['title']}",
            "path": f"{card['folder']}/data/{file}", "format": ending, "mediatype": FORMATS[ending],
            "bytes": size, "hash": f"sha256:{digest}",
        }  # fmt: skip
        if ending != "csv":
            yield {**resource, "profile": "data-resource", "type": "file"}
            continue
        schema = table_schema(name, site.lang)
        for key in schema.get("foreignKeys", ()):
            key["reference"]["resource"] = f"{stem}-{key['reference']['resource']}"
        yield {**resource, "profile": "tabular-data-resource", "encoding": "utf-8", "schema": schema}


def dcat(site: Site, cards: Sequence[Summary]) -> bytes:
    """dcat.jsonld: a dataset a score, with its distributions; addresses are relative where the site has none."""
    publisher = {"@type": "foaf:Agent", "foaf:name": site.publisher or site.province or said(site.lang, "home.title")}
    datasets = [_dataset(site, card, publisher) for card in cards]
    document = {
        "@context": _DCAT,
        "@id": site.address or "./",
        "@type": "dcat:Catalog",
        "dct:title": {"@value": _title(site), "@language": site.lang},
        "dct:description": {"@value": said(site.lang, "data.about"), "@language": site.lang},
        "dct:language": site.lang,
        "dct:publisher": publisher,
        **({"dct:modified": _moment(max(card["as_of"] for card in cards))} if cards else {}),
        **({"dct:license": {"@id": site.licence}} if site.licence else {}),
        "dcat:dataset": datasets,
    }
    return _json(document)


def _moment(iso: str) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": f"{iso}+07:00" if len(iso) == len("2023-06-30T17:00:00") else iso}


def _dataset(site: Site, card: Summary, publisher: dict[str, str]) -> dict[str, Any]:
    page = f"{site.address}{card['folder']}/"
    return {
        "@id": f"{page}index.html",
        "@type": "dcat:Dataset",
        "dct:identifier": card["folder"],
        "dct:title": {"@value": f"{card['title']}, {card['period']}", "@language": site.lang},
        "dct:description": {"@value": said(site.lang, "data.about"), "@language": site.lang},
        "dct:publisher": publisher,
        "dct:modified": _moment(card["as_of"]),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:date", "@value": card["start"]},
            "dcat:endDate": {"@type": "xsd:date", "@value": card["end"]},
        },
        "dcat:landingPage": {"@id": f"{page}index.html"},
        **({"dct:license": {"@id": site.licence}} if site.licence else {}),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": f"{said(site.lang, 'data.' + file.partition('.')[0])} ({file})",
                "dcat:downloadURL": {"@id": f"{page}data/{file}"},
                "dcat:accessURL": {"@id": f"{page}data/{file}"},
                "dcat:mediaType": FORMATS[file.partition(".")[2]],
                "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(size)},
                "spdx:checksum": {
                    "@type": "spdx:Checksum", "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": digest,
                },
            }
            for file, (size, digest) in sorted(card["data"].items())
        ],
    }  # fmt: skip


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
