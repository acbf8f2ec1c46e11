"""GeoJSON (RFC 7946): records as points on the centroids of their regions."""

from collections.abc import Iterator
from typing import Any

import orjson

from cases.exporting.export import Export, row_reader
from cases.exporting.paths import Json, follow, links


def write_geojson(export: Export) -> Iterator[bytes]:
    """A FeatureCollection. A record without a region, or whose region has no centroid, has no
    geometry: a point in the wrong place would be a false statement."""
    about = export.about
    head = {
        "type": "FeatureCollection",
        "publication": about.publication,
        "published_at": about.published_at,
        "permalink": about.permalink,
        "licence": dict(zip(("name", "url"), about.licence, strict=True)),
        "citation": about.citation,
    }
    yield orjson.dumps(head)[:-1] + b',"features":['
    names = [column.name for column in export.columns]
    read = row_reader(export.columns)
    region = follow(links(export.table.region or ""))
    divider = b"\n"
    for bodies in export.chunks():
        features = []
        for document in map(orjson.loads, bodies):
            point = export.centroids.get(region(document))
            properties = dict(zip(names, read(document), strict=True))
            features.append(orjson.dumps(feature(properties["id"], properties, point)))
        yield divider + b",\n".join(features)
        divider = b",\n"
    yield b"\n]}\n"


def feature(
    identity: str | None, properties: Json, point: tuple[float, float] | None
) -> dict[str, Any]:
    """point: longitude and latitude; null = the place is not known. identity: null = none."""
    return {
        "type": "Feature",
        **({"id": identity} if identity else {}),
        "geometry": point and {"type": "Point", "coordinates": point},
        "properties": properties | {"precision": point and "region_centroid"},
    }
