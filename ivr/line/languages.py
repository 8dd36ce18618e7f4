"""The languages that the line can speak: one row each, in the order in which a clinic that decides nothing offers them.

Adding a language is a row here and a folder in `locales/` (`flask languages add`); what each field means stands in
`ivr/line/language.py`, and `ivr/line/README.md` says how to find out what to write.
"""

from ivr.line.language import ARABIC, CHINESE, CYRILLIC, HANGUL, JAPANESE, LATIN, Band, Language, Pace, Script

# Paces were measured on all clips of the line that are judged (103 to 129 a voice), margins off, pauses inside:
# beside each, the medians of our voices, then their slowest and fastest clip. The bands leave about a fifth beside
# them, and more above where only eSpeak was measured, which is slower than people.
# Speeds: Kokoro's and Pico's are shares of their own pace, eSpeak's are its own words a minute. What was measured
# stands beside each engine's usual one.
ALEF = dict.fromkeys("أإآٱ", "ا")
"""The forms of one letter, as recognisers write them."""

_ROWS = (
    Language(
        code="en",
        name="English",
        own_name="English",
        locale="en_US",
        tag="en-US",
        script=LATIN,
        pace=Pace(Band(85, 280), Band(120, 195)),  # Pico 158, Kokoro 157; 103 to 233
        aliases="eng, inglés, American English",
        voices={"kokoro": "af_heart", "piper": "en_US-ljspeech-high", "gtts": "en", "pico": "en-US", "espeak": "en-us"},
        speeds={"kokoro": 0.74, "pico": 0.82},
        reads={"kokoro": "american"},
        say="en-US",
        people=("Alice Brian Carol David", "Example"),
        hisses="s|c(?=[eiy])",
        misheard=0.35,  # mean .049
    ),
    Language(
        code="es",
        name="Spanish",
        own_name="Español",
        locale="es_US",
        tag="es-US",
        script=LATIN,
        pace=Pace(Band(70, 260), Band(105, 180)),  # Pico 130, Kokoro 145; 84 to 212
        aliases="spa, castellano, Castilian, Spanish Latin America, Latin American Spanish, Spanish Mexico, "
        "Mexican Spanish",
        voices={
            "kokoro": "ef_dora",
            "piper": "es_MX-claude-high",
            "gtts": "es",
            "pico": "es-ES",
            "espeak": "es-419+klatt4",
        },
        say="es-US",
        speakers=16.0,
        people=("Carmen Diego Elena Felipe", "Ejemplo"),
        hisses="s|c(?=[eéií])|z",
        misheard=0.3,  # mean .024
    ),
    Language(
        code="zh",
        name="Mandarin",
        own_name="普通话",
        locale="zh_Hans",
        tag="zh-CN",
        script=CHINESE,
        pace=Pace(Band(125, 310), Band(155, 265)),  # eSpeak 198, Kokoro 216; 158 to 258
        aliases="cmn, Putonghua, Guoyu, Mandarin Chinese, Chinese Mandarin, mandarín, chino mandarín, "
        "普通話, 国语, 國語",
        voices={"kokoro": "zf_xiaoxiao", "piper": "zh_CN-huayan-medium", "gtts": "zh-CN", "espeak": "cmn"},
        speeds={"kokoro": 0.78, "espeak": 160},
        reads={"kokoro": "pinyin"},
        say="cmn-CN",
        speakers=1.6,
        people=("小明 丽丽 建国 芳", "例"),
        hisses="[三上下世些什使先刷十双受四声学实守射小少山岁师市希式性手扫新星是时晒死水沙洗深生省相睡说谁谢身速送随需]",
        misheard=0.45,  # mean .124, in syllables
        heard_as="syllables",
    ),
    Language(
        code="yue",
        name="Cantonese",
        own_name="廣東話",
        locale="yue",
        tag="yue-HK",
        script=CHINESE,
        pace=Pace(Band(120, 320), Band(145, 270)),  # eSpeak 186; 161 to 224
        aliases="Cantonese Chinese, Chinese Cantonese, cantonés, chino cantonés, zh-HK, zh-MO, "
        "广东话, 粤语, 粵語, 廣州話",
        voices={"gtts": "yue", "espeak": "yue"},
        say="yue-HK",
        recogniser="zh",
        counted_with="zh",
        people=("家明 美玲 志強 嘉欣", "例"),
        hisses="[三上先時四試十手水收星小少心新身生社受是市世屬信相想食洗失聲腎深山書輸說誰樹]",
        misheard=None,
        heard_as="syllables",
    ),
    Language(
        code="vi",
        name="Vietnamese",
        own_name="Tiếng Việt",
        locale="vi",
        tag="vi-VN",
        script=LATIN,
        pace=Pace(Band(115, 310), Band(145, 240)),  # eSpeak 181; 154 to 239; a word is a syllable
        aliases="vie, vietnamita",
        voices={"piper": "vi_VN-vais1000-medium", "gtts": "vi", "espeak": "vi"},
        say="vi-VN",
        speakers=0.85,
        people=("Lan Minh Hoa Tuấn", "Ví Dụ"),
        hisses="s|x(?!-)",
        misheard=None,
    ),
    Language(
        code="ko",
        name="Korean",
        own_name="한국어",
        locale="ko",
        tag="ko-KR",
        script=HANGUL,
        pace=Pace(Band(40, 170), Band(65, 120)),  # eSpeak 82; 53 to 130; a word is what stands between spaces
        aliases="kor, coreano, 한국말",
        voices={"kokoro": "hf_alpha+jf_alpha", "gtts": "ko", "espeak": "ko"},
        reads={"kokoro": "hangul"},
        say="ko-KR",
        speakers=0.6,
        people=("민준 서연 지훈 하은", "예"),
        hisses="[사-앃]",
        misheard=0.4,  # mean .116, Kokoro, some twenty sentences
    ),
    Language(
        code="fil",
        name="Tagalog",
        own_name="Tagalog",
        locale="fil",
        tag="fil-PH",
        script=LATIN,
        pace=Pace(Band(75, 210), Band(100, 165)),  # eSpeak 124; 96 to 154
        aliases="tl, tgl, Filipino, Pilipino, Tagalog Filipino, Filipino Tagalog, tagalo",
        voices={"kokoro": "ef_dora+hf_beta", "gtts": "tl", "espeak": "id"},
        speeds={"espeak": 134},
        reads={"kokoro": "tagalog"},
        say="fil-PH",
        recogniser="tl",
        speakers=0.5,
        people=("Maria Jose Liza Ramon", "Halimbawa"),
        hisses="s",
        misheard=0.4,  # mean .065, Kokoro, some twenty sentences
    ),
    Language(
        code="ru",
        name="Russian",
        own_name="Русский",
        locale="ru",
        tag="ru-RU",
        script=CYRILLIC,
        pace=Pace(Band(60, 240), Band(105, 170)),  # eSpeak 131; 80 to 191
        aliases="rus, ruso",
        voices={"rhvoice": "Elena", "piper": "ru_RU-irina-medium", "gtts": "ru", "espeak": "ru"},
        say="ru-RU",
        speakers=0.4,
        people=("Анна Борис Вера Глеб", "Пример"),
        hisses="[сшщ]",
        misheard=0.3,  # mean .020, RHVoice, some twenty sentences
        same={"ё": "е"},
    ),
    Language(
        code="ar",
        name="Arabic",
        own_name="العربية",
        locale="ar",
        tag="ar",
        script=ARABIC,
        pace=Pace(Band(50, 160), Band(70, 135)),  # eSpeak 91; 67 to 114
        aliases="ara, arb, árabe",
        voices={"kokoro": "if_sara", "piper": "ar_JO-kareem-medium", "gtts": "ar", "espeak": "ar"},
        reads={"kokoro": "vowels"},
        say="arb",
        prefixes="[وف]?[بلك]?(?:ال|ل)?",
        speakers=0.5,
        people=("ليلى عمر سارة يوسف", "مثال"),
        hisses="[سشص]",
        misheard=0.65,  # mean .33, Kokoro, some twenty sentences
        same=ALEF | {"ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": ""},
    ),
    Language(
        code="ht",
        name="Haitian Creole",
        own_name="Kreyòl ayisyen",
        locale="ht",
        tag="ht-HT",
        script=LATIN,
        pace=Pace(Band(75, 240), Band(105, 180)),  # eSpeak 131; 94 to 189
        aliases="hat, Haitian, Kreyol, Haitian Kreyol, Creole Haitian, French Creole, criollo haitiano",
        voices={"kokoro": "ff_siwis+jf_alpha", "espeak": "ht"},
        reads={"kokoro": "haitian"},
        speakers=0.4,
        people=("Marie Jean Rose Pierre", "Egzanp"),
        hisses="s|ch",
        misheard=0.65,  # mean .33, Kokoro, some twenty sentences
    ),
    Language(
        code="fr",
        name="French",
        own_name="Français",
        locale="fr",
        tag="fr-FR",
        script=LATIN,
        pace=Pace(Band(70, 310), Band(120, 205)),  # Pico 167, Kokoro 152; 88 to 261
        aliases="fra, fre, francés",
        voices={"kokoro": "ff_siwis", "piper": "fr_FR-siwis-medium", "gtts": "fr", "pico": "fr-FR", "espeak": "fr"},
        say="fr-FR",
        speakers=0.25,
        people=("Camille Denis Élodie Gaston", "Exemple"),
        hisses="s|ch|ç|c(?=[eéèêiîy]|'[eéè])",
        misheard=0.4,  # mean .093
        same={"œ": "oe", "æ": "ae"},
    ),
    Language(
        code="pt",
        name="Portuguese",
        own_name="Português",
        locale="pt_BR",
        tag="pt-BR",
        script=LATIN,
        pace=Pace(Band(70, 250), Band(100, 185)),  # eSpeak 128, Kokoro 148; 89 to 197
        aliases="por, portugués, Brazilian Portuguese, Portuguese Brazil, Brazilian",
        voices={"kokoro": "pf_dora", "piper": "pt_BR-faber-medium", "gtts": "pt", "espeak": "pt-br"},
        say="pt-BR",
        speakers=0.3,
        people=("Ana Bruno Clara Davi", "Exemplo"),
        hisses="s|ch|x|c(?=[eéêií])",
        misheard=0.35,  # mean .038
    ),
    Language(
        code="pl",
        name="Polish",
        own_name="Polski",
        locale="pl",
        tag="pl-PL",
        script=LATIN,
        pace=Pace(Band(55, 200), Band(75, 140)),  # eSpeak 98; 72 to 159
        aliases="pol, polaco",
        voices={"rhvoice": "Alicja", "piper": "pl_PL-gosia-medium", "gtts": "pl", "espeak": "pl"},
        say="pl-PL",
        speakers=0.2,
        people=("Anna Bartek Celina Dawid", "Przykład"),
        hisses="[sś](?!z?cz)|sz",
        misheard=0.3,  # mean .012, RHVoice, some twenty sentences
    ),
    Language(
        code="it",
        name="Italian",
        own_name="Italiano",
        locale="it",
        tag="it-IT",
        script=LATIN,
        pace=Pace(Band(45, 280), Band(100, 185)),  # Pico 127, Kokoro 150; 58 to 223
        aliases="ita",
        voices={"kokoro": "if_sara", "piper": "it_IT-paola-medium", "gtts": "it", "pico": "it-IT", "espeak": "it"},
        speeds={"kokoro": 0.84},
        say="it-IT",
        speakers=0.15,
        people=("Anna Bruno Chiara Dario", "Esempio"),
        hisses="s(?![bdglmnrv])",
        misheard=0.35,  # mean .051
    ),
    Language(
        code="de",
        name="German",
        own_name="Deutsch",
        locale="de",
        tag="de-DE",
        script=LATIN,
        pace=Pace(Band(70, 250), Band(110, 190)),  # Pico 143; 89 to 193
        aliases="deu, ger, alemán",
        voices={"piper": "de_DE-thorsten-high", "gtts": "de", "pico": "de-DE", "espeak": "de"},
        say="de-DE",
        speakers=0.15,
        people=("Anna Bernd Clara Dieter", "Beispiel"),
        hisses="sch|s(?=[kpt])|ß",
        misheard=0.35,  # mean .064, Pico
    ),
    Language(
        code="ja",
        name="Japanese",
        own_name="日本語",
        locale="ja",
        tag="ja-JP",
        script=JAPANESE,
        pace=Pace(Band(180, 530), Band(215, 370)),  # eSpeak 273, Kokoro 310; 231 to 444
        aliases="jpn, japonés",
        voices={"kokoro": "jf_alpha", "gtts": "ja", "espeak": "ja"},
        speeds={"kokoro": 0.84, "espeak": 128},
        reads={"kokoro": "kana", "espeak": "kana"},
        say="ja-JP",
        speakers=0.2,
        people=("花子 太郎 さくら 健", "例"),
        hisses="[さすせそしサスセソシ先少手背水生正左新心神診伸身昭説十週紹]|三(?![つ日])",
        misheard=0.4,  # mean .106, in kana
        heard_as="kana",
    ),
    Language(
        code="fa",
        name="Persian",
        own_name="فارسی",
        locale="fa",
        tag="fa-IR",
        script=ARABIC,
        pace=Pace(Band(60, 200), Band(90, 160)),  # eSpeak 116; 77 to 156
        aliases="fas, per, pes, Farsi, Persian Farsi, Farsi Persian, Iranian Persian, persa, فارسي",
        voices={"kokoro": "hf_beta", "piper": "fa_IR-amir-medium", "espeak": "fa"},
        speeds={"espeak": 138},
        reads={"kokoro": "persian"},
        speakers=0.2,
        people=("مریم رضا نرگس علی", "نمونه"),
        hisses="[سشصث]",
        misheard=0.6,  # mean .26, Kokoro, some twenty sentences
        same=ALEF | {"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ـ": ""},
    ),
)
LANGUAGES: dict[str, Language] = {row.code: row for row in _ROWS}


def find_script(language: str) -> Script:
    """The script of a language; Latin letters where the line has no such language."""
    row = LANGUAGES.get(language)
    return row.script if row else LATIN


def find_voice(engine: str, language: str) -> str:
    """An engine's own name of its voice for a language; "" where it has none, or the line has no such language."""
    row = LANGUAGES.get(language)
    return row.voices.get(engine, "") if row else ""


def find_speed(engine: str, language: str, usual: float) -> float:
    """The speed at which an engine speaks a language, in the engine's own measure; `usual` where its row names none."""
    row = LANGUAGES.get(language)
    return row.speeds.get(engine, usual) if row else usual


def find_reading(engine: str, language: str) -> str:
    """What a language's words are put into for an engine, such as "kana"; "" where it reads them as they stand."""
    row = LANGUAGES.get(language)
    return row.reads.get(engine, "") if row else ""
