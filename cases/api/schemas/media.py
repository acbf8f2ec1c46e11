"""Schemas of answers that are not JSON documents: files, and maps as GeoJSON (RFC 7946)."""

from typing import Any

from cases.api.request import negotiation
from cases.exporting.formats import CSV, GEOJSON, NDJSON, PARQUET, XLSX

Json = dict[str, Any]

COLUMNS = "One column for each that `/codebook/` lists, in its order"
# Generators make bytes of `format: binary`, and text of what has none.
BINARY = {"type": "string", "format": "binary"}
NULL = {"type": "null"}

_POINT: Json = {
    "type": "object",
    "description": "The centroid of a region: longitude and latitude in degrees of WGS 84.",
    "properties": {
        "type": {"type": "string", "const": "Point"},
        "coordinates": {
            "type": "array",
            "items": {"type": "number"},
            "minItems": 2,
            "maxItems": 2,
        },
    },
    "required": ["type", "coordinates"],
}
_FEATURE: Json = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "const": "Feature"},
        "id": {"type": "string", "description": "Id or code; missing = what is unknown."},
        "geometry": {"oneOf": [{"$ref": "#/components/schemas/Point"}, NULL]},
        "properties": {
            "type": "object",
            "description": (
                "The columns of the codebook or the values of a facet. `precision` says what the "
                "point is; null = there is none."
            ),
            "properties": {"precision": {"type": ["string", "null"]}},
            "required": ["precision"],
            "additionalProperties": True,
        },
    },
    "required": ["type", "geometry", "properties"],
}
_COLLECTION: Json = {
    "type": "object",
    "description": "Records or the values of a facet, as points on the centroids of regions.",
    "properties": {
        "type": {"type": "string", "const": "FeatureCollection"},
        "publication": {"type": "integer", "minimum": 0},
        "permalink": {"type": "string", "format": "uri"},
        "published_at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "Of a list only.",
        },
        "licence": {"$ref": "#/components/schemas/Licence"},
        "citation": {"type": "string", "description": "Of a list only."},
        "count": {
            "type": "integer",
            "minimum": 0,
            "description": "Number of records; of a facet only.",
        },
        "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
    },
    "required": ["type", "publication", "permalink", "features"],
}
COMPONENTS = {"Point": _POINT, "Feature": _FEATURE, "FeatureCollection": _COLLECTION}

SCHEMAS: dict[str, Json] = {
    CSV.name: {
        "type": "string",
        "description": f"RFC 4180 in UTF-8, with a header line. {COLUMNS}.",
    },
    NDJSON.name: {
        "type": "string",
        "description": "One document a line, each as a page of JSON has it in `results`.",
    },
    XLSX.name: BINARY | {"description": f"An Excel workbook. {COLUMNS}."},
    PARQUET.name: BINARY | {"description": f"An Apache Parquet file. {COLUMNS}, with its type."},
    GEOJSON.name: {"$ref": "#/components/schemas/FeatureCollection"},
    negotiation.YAML: {"type": "string", "description": "The schema as YAML."},
}
