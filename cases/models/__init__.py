"""The working copy that editors edit, and the ledger and read model that the API serves."""

from cases.models.case import Case, Defendant, Name, Payment, Service, Verdict
from cases.models.desk import Act, Check, RedactedName, RedactedPerson
from cases.models.key import ApiKey
from cases.models.publication import Entry, LoadedFile, Publication
from cases.models.quality import DEAD, Finding, LikelyDuplicate, LinkCheck
from cases.models.read_model import (
    PUBLISHED,
    READ_TABLES,
    PublishedCase,
    PublishedDefendant,
    PublishedQuerySet,
    PublishedRecord,
    PublishedReference,
    PublishedSource,
    PublishedStatistic,
    PublishedVerdict,
    published,
)
from cases.models.reference import Article, Court, Formation, Publisher, Reference, Region
from cases.models.search import Searchable, Word
from cases.models.source import CITABLE, Citation, Source
from cases.models.statistic import Statistic
from cases.models.upload import Upload

__all__ = [
    "CITABLE",
    "DEAD",
    "PUBLISHED",
    "READ_TABLES",
    "Act",
    "ApiKey",
    "Article",
    "Case",
    "Check",
    "Citation",
    "Court",
    "Defendant",
    "Entry",
    "Finding",
    "Formation",
    "LikelyDuplicate",
    "LinkCheck",
    "LoadedFile",
    "Name",
    "Payment",
    "Publication",
    "PublishedCase",
    "PublishedDefendant",
    "PublishedQuerySet",
    "PublishedRecord",
    "PublishedReference",
    "PublishedSource",
    "PublishedStatistic",
    "PublishedVerdict",
    "Publisher",
    "RedactedName",
    "RedactedPerson",
    "Reference",
    "Region",
    "Searchable",
    "Service",
    "Source",
    "Statistic",
    "Upload",
    "Verdict",
    "Word",
    "published",
]
