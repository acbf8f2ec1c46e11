"""No word of ours says guilt of somebody whose conviction is not final."""

import pytest

from cases.models import Case, Verdict
from cases.publishing.presumption import GUILT
from cases.publishing.rules import Violation
from tests import synthetic
from tests.publishing.examples import case, defendant, service, verdict
from tests.publishing.test_rules import found
from tests.synthetic import CASE, DEFENDANT, SERVICE, VERDICT

RULE = "nobody_is_called_guilty_before_a_final_conviction"

ACCUSING = {
    "en": [
        *("Guilty as charged.", "His guilt was proven.", "The culprit fled.", "Two culprits fled."),
        *("The perpetrator fled.", "The perpetrators fled.", "The offender.", "The offenders."),
        *("They are criminals.", "A war criminal.", "A terrorist.", "Two terrorists."),
        *("He was a mercenary.", "Mercenaries from abroad."),
    ],
    "ru": [
        *("Он виновен.", "Она виновна.", "Они виновны.", "Виновный скрылся."),
        *("Суд нашёл виновных.", "Его вина доказана.", "Наёмник.", "Наёмница."),
        *("Он виноват.", "Преступник скрылся.", "Преступники скрылись.", "Военная преступница."),
        *("Уголовник.", "Террорист.", "Двух террористов задержали."),
        "Наемники вернулись.",
    ],
    "kk": [
        *("Ол кінәлі.", "Олар кінәлілер.", "Қылмыскер қашты.", "Лаңкес ұсталды.", "Лаңкестер."),
        *("Жалдамалы қайтты.", "Олар жалдамалылар.", "Кінәсі дәлелденді."),
    ],
}

NEUTRAL = {
    "en": [
        *("A criminal case was opened.", "The Criminal Code.", "Accused of mercenarism."),
        *("He is presumed innocent.", "Charged with financing terrorism.", "The defendant."),
        "Mercenarism, as the code calls it.",
    ],
    "ru": [
        *("Возбуждено уголовное дело.", "Преступление не доказано.", "Обвиняется в наёмничестве."),
        *("Он считается невиновным.", "Признан невиновным.", "Он невиновен.", "Невиновна."),
        *("Обвиняется в неповиновении.", "Пропаганда терроризма.", "Повиновение приказу."),
        # how the codes name offences
        *("Финансирование террористической деятельности.", "Акт терроризма."),
    ],
    "kk": [
        *("Қылмыстық іс қозғалды.", "Ол кінәсіз деп саналады.", "Қылмыс дәлелденбеді."),
        *("Жалдамалылық үшін айыпталуда.", "Кінәсіздік презумпциясы.", "Ол кінәсізбін деді."),
        # terrorism, as the codes name it
        "Лаңкестік әрекетті қаржыландыру.",
    ],
}


def sentences(table):
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), sentences(ACCUSING))
def test_words_that_call_somebody_guilty_are_found(language, text):
    assert GUILT.search(text)


@pytest.mark.parametrize(("language", "text"), sentences(NEUTRAL))
def test_words_that_name_an_offence_or_innocence_are_no_accusation(language, text):
    assert not GUILT.search(text)


@pytest.mark.parametrize(
    ("row", "field", "subject", "place"),
    [
        (case, "summary", CASE, "summary"),
        (defendant, "remarks", DEFENDANT, "remarks"),
        (defendant, "recruitment_promises", DEFENDANT, "recruitment"),
        (service, "duties", SERVICE, "duties"),
        (verdict, "remarks", VERDICT, "remarks"),
    ],
)
def test_guilt_is_refused_in_every_text(working_copy, row, field, subject, place):
    synthetic.change(row(), **{field: {"en": "The offender."}})
    assert found() == [
        Violation(RULE, subject, place, "says “offender” of somebody presumed innocent")
    ]


@pytest.mark.parametrize(("language", "word"), [("ru", "Преступник"), ("kk", "Қылмыскер")])
def test_guilt_is_refused_in_every_language(working_copy, language, word):
    synthetic.change(case(), summary={"en": "The defendant.", language: f"{word}."})
    assert found() == [
        Violation(RULE, CASE, "summary", f"says “{word}” of somebody presumed innocent")
    ]


@pytest.mark.parametrize("outcome", ["acquitted", "dismissed", "compulsory_treatment"])
def test_guilt_is_refused_whatever_else_a_court_decided(working_copy, outcome):
    Case.objects.update(status="final")
    synthetic.change(
        verdict(),
        outcome=outcome,
        sentence_months=None,
        sentence_kind=None,
        remarks={"en": "The offender."},
    )
    assert [violation.rule for violation in found()] == [RULE]


@pytest.mark.parametrize("status", ["investigation", "trial"])
def test_guilt_is_refused_before_any_ruling(working_copy, status):
    Verdict.objects.all().delete()
    Case.objects.update(status=status)
    synthetic.change(defendant(), remarks={"en": "The offender."})
    assert [violation.rule for violation in found()] == [RULE]


def test_a_name_of_a_person_may_hold_any_letters(working_copy):
    defendant().names.update(text="Guilty Synthetic", kind="full")
    assert found() == []


def test_a_final_conviction_of_one_says_nothing_of_another(working_copy):
    convicted = defendant()
    synthetic.change(case(), status="final")
    accused = synthetic.add_defendant(case(), names=[("Another Synthetic", "full")])
    text = {"en": "The offender."}
    synthetic.change(convicted, remarks=text)
    synthetic.change(verdict(), remarks=text)
    synthetic.change(service(), remarks=text)
    assert found() == []
    synthetic.change(accused, remarks=text)
    synthetic.add_service(accused, remarks=text)
    synthetic.change(case(), remarks=text)
    says = "says “offender” of somebody presumed innocent"
    assert set(found()) == {
        Violation(RULE, CASE, "remarks", says),
        Violation(RULE, f"{CASE}-D2", "remarks", says),
        Violation(RULE, f"{CASE}-D2-S1", "remarks", says),
    }
