"""The presumption of innocence, as far as words can break it."""

import re
from typing import Any

# Words that call somebody guilty. Offences have names ("mercenarism"), people have none until a
# conviction is final.
GUILT = re.compile(
    r"\b(guilty|guilt|culprits?|perpetrators?|offenders?|criminals|war criminal|terrorists?)\b"
    r"|\bmercenar(y|ies)\b|\bна[её]мни[кц]|\bжалдамалы(лар)?\b"
    r"|\bвин(а|ы|у|е|ой)\b|\bвинов(ен|н|ат)|\bпреступни[кц]|\bуголовник"
    r"|\bтеррорист(?!ическ)|\bкінәлі|\bкінәсі\b|\bқылмыскер|\bлаңкес(?!тік)",
    re.IGNORECASE,
)


def text_of(value: Any) -> str:
    """All text of ours in a value, in every language."""
    if isinstance(value, dict):
        return "\n".join(map(text_of, value.values()))
    if isinstance(value, list):
        return "\n".join(map(text_of, value))
    return value if isinstance(value, str) else ""
