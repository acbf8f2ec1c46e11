"""Public standards of romanisation, as tables, independent of the folding that they measure."""

KAZAKH_LETTERS = "әғқңөұүһі"


def table(pairs: str) -> dict[str, str]:
    """ "а a б b ь -": letters and what they become; "-" is nothing."""
    items = pairs.split()
    return {
        letter: "" if latin == "-" else latin
        for letter, latin in zip(items[::2], items[1::2], strict=True)
    }


SIMPLE = table("а a б b в v г g д d з z и i к k л l м m н n о o п p р r с s т t у u ф f")

BGN_RU = SIMPLE | table("е e ё ë ж zh й y х kh ц ts ч ch ш sh щ shch ъ ” ы y ь ’ э e ю yu я ya")
ICAO = SIMPLE | table(
    "е e ё e ж zh й i х kh ц ts ч ch ш sh щ shch ъ ie ы y ь - э e ю iu я ia"
    " і i ї i є ie ґ g ә a ғ g қ k ң n ө o ұ u ү u һ h ў u ҳ kh"
)
ISO_9 = SIMPLE | table(
    "е e ё ë ж ž й j х h ц c ч č ш š щ ŝ ъ ʺ ы y ь ʹ э è ю û я â"
    " і ì ї ï є ê ґ g̀ ә a̋ ғ ġ қ ķ ң ṇ ө ô ұ u̇ ү ù һ ḥ ў ŭ ҳ ḩ"
)
GOST_779_B = SIMPLE | table(
    "е e ё yo ж zh й j х x ц cz ч ch ш sh щ shh ъ '' ы y' ь ' э e' ю yu я ya"
)
BGN_KK = SIMPLE | table(
    "ә ä е e ё yo ж zh ғ gh й y қ q ң ng ө ö у ū ұ u ү ü х kh һ h ц ts ч ch ш sh щ shch"
    " ъ ” ы y і i ь ’ э e ю yu я ya и ī"
)
KAZAKH_2018 = SIMPLE | table(
    "ә á е e ё e ж j ғ ǵ й ı и ı қ q ң ń ө ó у ý ұ u ү ú х h һ h ц ts ч ch ш sh щ sh"
    " ъ - ы y і i ь - э e ю ıý я ıa"
)
KAZAKH_2021 = SIMPLE | table(
    "ә ä е e ё io ж j ғ ğ й i и i қ q ң ñ ө ö у u ұ ū ү ü х h һ h ц ts ч ch ш ş щ ş"
    " ъ - ы y і ı ь - э e ю iu я ia"
)
KAZAKH_2019 = KAZAKH_2021 | table("и ı і i й ı ұ ū у u ч ç")
BGN_KY = BGN_RU | table("ж j ң ng ө ö ү ü ё yo х kh")
BGN_UZ = BGN_RU | table("ж j ў ŭ қ q ғ gh ҳ h ё yo")
UZBEK_LATIN = SIMPLE | table(
    "е e ё yo ж j й y х x ц ts ч ch ш sh щ sh ъ ’ ь - э e ю yu я ya ў oʻ қ q ғ gʻ ҳ h ы i"
)
UKRAINIAN = SIMPLE | table(
    "г h ґ g е e є ie ж zh и y і i ї i й i х kh ц ts ч ch ш sh щ shch ь - ю iu я ia ’ -"
)
BGN_UK = UKRAINIAN | table("є ye ї yi й y ю yu я ya ь ’")

RUSSIFIED = table("ә а ғ г қ к ң н ө о ұ у ү у һ х і и ў у ҳ х ґ г є е ї и ё е")

# Letters that the Ukrainian passport writes otherwise at the beginning of a word.
UKRAINIAN_INITIAL = table("є ye ї yi й y ю yu я ya")
VOWELS = "аеёиоуыэюяіїєәөұү"

STANDARDS = {
    "ru": {"ISO 9": ISO_9, "GOST 7.79 B": GOST_779_B, "BGN/PCGN": BGN_RU, "ICAO passport": ICAO},
    "kk": {
        "ISO 9": ISO_9,
        "BGN/PCGN": BGN_KK,
        "ICAO passport": ICAO,
        "Kazakh 2018": KAZAKH_2018,
        "Kazakh 2019": KAZAKH_2019,
        "Kazakh 2021": KAZAKH_2021,
    },
    "ky": {"ISO 9": ISO_9, "BGN/PCGN": BGN_KY, "ICAO passport": ICAO},
    "uz": {"ISO 9": ISO_9, "BGN/PCGN": BGN_UZ, "ICAO passport": ICAO, "Uzbek Latin": UZBEK_LATIN},
    "uk": {"ISO 9": ISO_9, "BGN/PCGN": BGN_UK, "Ukrainian passport": UKRAINIAN},
}


def romanised(text: str, language: str, standard: str) -> str:
    """The name in Latin letters, each word with a capital."""
    return " ".join(_word(word, language, standard) for word in text.lower().split())


def _word(word: str, language: str, standard: str) -> str:
    letters = STANDARDS[language][standard]
    latin = ""
    for place, letter in enumerate(word):
        written = letters.get(letter, letter)
        before = word[place - 1] if place else ""
        # BGN/PCGN writes ye where е stands alone in its syllable.
        if standard == "BGN/PCGN" and language != "uk" and (not before or before in VOWELS + "йьъ"):
            written = {"е": "ye", "ё": "yë"}.get(letter, written)
        if language == "uz" and standard == "Uzbek Latin" and not before:
            written = {"е": "ye"}.get(letter, written)
        if standard == "Ukrainian passport" and not before:
            written = UKRAINIAN_INITIAL.get(letter, written)
        latin += written
    return latin[:1].upper() + latin[1:]


def russified(text: str) -> str:
    """As a Russian text spells a name of another language; also what makes two names the same."""
    return "".join(RUSSIFIED.get(letter, letter) for letter in text.lower()).title()
