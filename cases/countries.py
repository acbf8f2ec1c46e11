"""Names of countries in the languages of the pages."""

from babel import Locale

# The register of regions and the country itself say Кыргызстан; CLDR has an older name.
OWN = {("ru", "KG"): "Кыргызстан"}


def country_name(locale: Locale, code: str) -> str:
    """`KZ` → Kazakhstan. A code that nobody knows stays as it is."""
    return OWN.get((locale.language, code)) or str(locale.territories.get(code, code))
