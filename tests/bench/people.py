"""Synthetic people: common names put together at random, so that no one is meant.

Only the hard pairs hold names as sources of the dataset print them.
"""

import random
from itertools import product
from typing import NamedTuple


class Person(NamedTuple):
    """A name in its own language, without and with patronymic."""

    language: str
    given: str
    surname: str
    patronymic: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname}"


GIVEN = {
    "ru": """Алексей Александр Андрей Антон Артём Борис Вадим Валерий Василий Виктор Виталий
        Владимир Вячеслав Геннадий Георгий Григорий Денис Дмитрий Евгений Егор Иван Игорь Илья
        Кирилл Константин Леонид Максим Михаил Никита Николай Олег Павел Пётр Роман Руслан Семён
        Сергей Станислав Степан Тимофей Фёдор Юрий Яков Ярослав Наталья Мария Ксения Юлия""",
    "kk": """Асқар Қуаныш Нұрлан Ербол Жанібек Әлібек Бауыржан Ғабит Дәурен Ерлан Жасұлан Қайрат
        Марат Мұхтар Нұрсұлтан Олжас Өмірбек Рүстем Саят Серік Тимур Ұлан Шыңғыс Ілияс Ықылас
        Әділет Бекзат Ғани Елдос Жеңіс Қанат Құдайберген Мейірбек Нұржан Сәкен Темірлан Хамит
        Ақылбек Дархан Есен Қазбек Айбек Арман Ескендір Айгүл Гүлнұр Әсем Қызғалдақ""",
    "ky": """Кубанычбек Аскар Азамат Бакыт Жыргалбек Эркин Нурбек Таалай Улан Чыңгыз Талант Бекнур
        Мирлан Адилет Айбек Белек Жоомарт Замир Илгиз Канат Максат Нурлан Өмүрбек Рамис Сыймык
        Тилек Үсөн Чолпонбек Эмил Ырыскелди Жаныбек Кылычбек Түгөлбай Айжамал Гүлзат""",
    "uz": """Алишер Фурқат Шуҳрат Ўткир Ғайрат Жаҳонгир Баҳодир Дилшод Зафар Илҳом Камолиддин
        Лазиз Мирзоҳид Нодир Отабек Рустам Сардор Темур Улуғбек Хуршид Шавкат Эркин Юсуф Ёқуб
        Қодир Ҳасан Беҳзод Жасур Исломжон Муҳаммад Равшан Санжар Тоҳир Умид Хайрулла Дилором
        Зулфия Гулнора Ойбек Хусан""",
    "uk": """Олексій Андрій Богдан Василь Віктор Володимир Григорій Дмитро Євген Іван Ігор Ілля
        Кирило Михайло Микола Олег Олександр Павло Петро Роман Сергій Степан Тарас Юрій Ярослав
        Любов Тетяна Ганна Їржі Всеволод Гліб Данило Захар Мирослав Святослав""",
}
ROOTS = {
    "ru": """Абрам Антон Афанась Бел Беляк Бобр Богдан Бондар Бычк Васильк Виноград Влас Воробь
        Ворон Гаврил Голуб Горбун Горшк Гусь Давыд Дорофе Дьяк Ежик Ермол Ерём Жар Жук Зайц Зим
        Золот Зуб Игнать Калин Карп Кисел Клим Кобыл Козл Колесник Комар Корол Кошк Кравц Крыл
        Кузнец Кулик Лазар Лап Лебед Логин Лук Макар Малах Мартын Медвед Мельник Миронь Мороз
        Муравь Назар Некрас Никит Новик Носк Орл Остров Панфил Пахом Петух Пономар Поп Пуст Рогож
        Родион Рыбак Рыж Савель Самойл Сафон Семён Серебряк Сидор Сизых Скворц Смирн Сокол Соловь
        Субот Сух Сыч Тарас Тим Тихон Третьяк Ульян Устин Уш Фадее Фёдор Филат Фом Фрол Харитон
        Хлеб Холод Хохл Цветк Чернык Чист Шаповал Шереметь Шил Шмел Щерба Щукин Юдин Юрь Яким
        Яковл Ястреб""",
    "kk": """Абдрахман Ахмет Әбіш Әлім Байжан Байтұрсын Бектұр Бөкей Ғалым Дәулет Досмұхамбет
        Ерғали Есім Жақсылық Жандос Жұмабай Жүніс Исатай Кенжебек Қабден Қазбек Қалиев Қасым Қожа
        Құнан Мақсұт Махмұт Мұқан Нұрғали Нұрпейіс Омар Оразбай Өтеген Рахым Сағын Сәрсен
        Сейітқали Сұлтан Тілеу Төлеген Тұрсын Ұзақбай Үсен Хамза Шаймерден Шәріп Шоқан Ысқақ
        Әуез Бейсен Дүйсен Жолдас Ибрай Көбей Мырза Рысбек Түсіп Айтқали Ермек Иманғали""",
    "ky": """Абдыкадыр Акмат Алымкул Асан Байтур Бейшен Борбуд Бөрү Жапар Жолдош Жумабек Иса Исак
        Калый Касымалы Кожомкул Мамат Мамбет Мураталы Ниязалы Осмон Өмүракун Раимбек Садыр
        Сооронбай Сулайман Сыдык Табалды Токтогул Турдакун Түлөбек Усубалы Үсөнбай Чотбай
        Шабдан Шерали Ыбрай Эсен Эшим Кадыр Кенеш Дүйшөн""",
    "uz": """Абдулла Абдураҳмон Аҳмад Азиз Бобо Бозор Ғафур Ғулом Даврон Жалил Жўра Зокир Иброҳим
        Исмоил Йўлдош Карим Қаюм Қодир Қўчқор Мадамин Маҳмуд Мирза Мўмин Назар Нор Очил Раҳим
        Рўзи Сайид Собир Султон Тошмат Тўра Турсун Умар Усмон Фозил Холиқ Хўжа Шариф Шодмон
        Эргаш Эшмат Юнус Юсуф Ёқуб Ўрин Ҳаким Ҳамид Ҳошим""",
    "uk": """Бондар Бойк Василь Гнат Гончар Григор Дем Довг Жук Захар Іван Іщ Калин Ковал Кравч
        Кузьм Левч Лук Лис Мельник Миронь Мороз Назар Олійн Онищ Павл Пилип Полов Прокоп Романь
        Руд Сав Сидор Степан Тимош Ткач Федор Харч Хом Чорн Шевч Шинкар Щерб Юрч Яким Яременк""",
}
ENDINGS = {
    "ru": "ов ев ин цев ский",
    "kk": "ов ев ин ұлы баев",
    "ky": "ов ев ин алиев баев",
    "uz": "ов ев ходжаев хонов",
    "uk": "енко ук ів чук ський",
}
PATRONYMIC = {
    "ru": "{}ович",
    "kk": "{}ұлы",
    "ky": "{} уулу",
    "uz": "{} ўғли",
    "uk": "{}ович",
}
# What records say besides: words that many share, and places made of what places are called.
REMARKS = """
    citizen sentenced years prison contract recruited mercenary participation armed conflict
    convicted detained returned appeal colony strict regime migrant Moscow salary
"""
PLACES = [
    f"{first}{second}"
    for first in ("Ак", "Кара", "Кок", "Сары", "Жана", "Узун", "Таш", "Кум")
    for second in ("су", "тау", "коль", "булак", "тобе", "кент", "арык", "дала")
]
VOWELS = "аеёиоуыэюяіїєәөұүўй"


def people(count: int, seed: int) -> list[Person]:
    """As many different people, in equal parts of each language as far as there are names."""
    chance = random.Random(seed)
    pools = []
    for language in GIVEN:
        surnames = {
            _joined(root, ending)
            for root, ending in product(ROOTS[language].split(), ENDINGS[language].split())
        }
        # More surnames: common first names are roots of surnames as well.
        surnames |= {
            _joined(root, ending)
            for root, ending in product(GIVEN[language].split(), ENDINGS[language].split())
        }
        pairs = list(product(sorted(surnames), GIVEN[language].split()))
        chance.shuffle(pairs)
        pools.append((language, pairs))
    found: list[Person] = []
    while len(found) < count:
        for language, pairs in pools:
            if pairs and len(found) < count:
                surname, given = pairs.pop()
                father = chance.choice(GIVEN[language].split())
                patronymic = PATRONYMIC[language].format(father.rstrip("йьяаоі"))
                found.append(Person(language, given, surname, patronymic))
        if not any(pairs for _, pairs in pools):
            raise ValueError(f"There are only {len(found)} different people.")
    return found


def _joined(root: str, ending: str) -> str:
    if ending[0] in VOWELS:
        root = root.rstrip(VOWELS)
    return root + ending


# Spellings of one name that newsrooms, courts and passports use and no one standard makes; that of
# the record first.
HARD = """
    Євген Люфт | Lyuft Evgeniy | Luft Yevgeny | Liuft Evgenii | Ljuft Jewgenij | Люфт Евгений
    Асқар Қуанышов | Аскар Куанышов | Askar Kuanyshov | Asqar Quanyshov | Askar Kuanishov
    Юсуф Хайрулин | Yusuf Khairulin | Iusuf Hayrulin | Jusuf Xayrulin | Yousouf Khaïrouline
    Алексей Шомполов | Aleksei Shompolov | Aleksiej Szompołow | Alexey Shompolov | Alexej Schompolow
    Аскар Кубанычбек уулу | Askar Kubanychbek uulu | Kubanychbek-uulu Askar | Кубанычбек Аскар
    Қуаныш Жұмабаев | Kuanysh Zhumabayev | Quanysh Jumabaev | Куаныш Джумабаев | Kouanych Joumabaev
    Шукур Джуманов | Shukur Djumanov | Shukur Zhumanov | Шукур Жуманов | Shukur Jumanov
    Алишер Холиқов | Alisher Xoliqov | Alisher Kholikov | Алишер Холиков | Alisher Holiqov
    Фурқатбек Ҳасанов | Furqatbek Hasanov | Furkatbek Khasanov | Фуркатбек Хасанов
    Сергей Лапушкин | Serhiy Lapushkin | Sergej Lapuškin | Сергій Лапушкін | Sergueï Lapouchkine
    Ғайрат Ўринбоев | Gʻayrat Oʻrinboyev | G'ayrat O'rinboev | Gayrat Urinboyev | Гайрат Уринбоев
    Наталья Секерина | Natalia Sekerina | Nataliya Sekerina | Natal'ja Sekerina | Наталія Секеріна
    Виктор Васильев | Viktor Vasilyev | Victor Vasiliev | Wiktor Wassiljew | Віктор Васільєв
    Тимур Пралиев | Timur Praliyev | Тимур Пралієв | Timour Praliev | Timur Pralijew
    Щербаков Пётр | Shcherbakov Pyotr | Scherbakov Petr | Szczerbakow Piotr | Щербаков Петр
    Соловьёв Фёдор | Solovyov Fyodor | Soloviev Fedor | Solovjov Fjodor | Соловьев Федор
    Цой Валерий | Tsoi Valery | Tsoy Valeriy | Tzoï Valéry | Coj Valerij
    Ёлкин Семён | Yolkin Semyon | Elkin Semen | Iolkin Semion | Елкин Семен
    Шыңғыс Әуезов | Shyngys Auezov | Şyñğys Äuezov | Chingis Auezov | Шынгыс Ауэзов
    Григорій Гончаренко | Hryhorii Honcharenko | Grigory Goncharenko | Григорий Гончаренко
    Жыргалбек Өмүрбеков | Jyrgalbek Ömürbekov | Zhyrgalbek Omurbekov | Жыргалбек Омурбеков
    Нұрсұлтан Көбеев | Nursultan Kobeyev | Nūrsūltan Köbeev | Нурсултан Кобеев | Nursoultan Kobeev
    Улуғбек Мирзаев | Ulugbek Mirzayev | Ulugʻbek Mirzayev | Oulougbek Mirzaev | Улугбек Мирзаев
    Айбек Исҳоқов | Aybek Isʼhoqov | Aibek Iskhakov | Aybek Ishoqov
"""
