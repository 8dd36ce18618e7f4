"""The languages that the line can speak: one row each.

Adding a language is a row here and a catalog in `locales/`. A row holds what differs by language and nothing else
knows: its names, its Babel locale, the direction of its script, and what each speech engine calls it.
Figures of speakers with limited English are in `locales/README.md`, not here: the line does not decide on them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One spoken language.

    `code` is ours, and the folder in `locales/`. `tag` is the BCP 47 tag for a page's `lang` attribute.
    `pico` and `espeak` are the voices of those engines ("" where there is none);
    `say` is Twilio's language for `<Say>`, used only where a clip is missing ("" where Twilio cannot speak it).
    """

    code: str
    name: str
    own_name: str
    locale: str
    tag: str
    espeak: str = ""
    pico: str = ""
    say: str = ""
    direction: str = "ltr"


UNSPACED = frozenset({"zh", "yue", "ja"})
"""Languages written without spaces: a word is looked for anywhere, not between blanks."""

LANGUAGES: dict[str, Language] = {
    row.code: row
    for row in (
        Language("en", "English", "English", "en_US", "en-US", "en-us", "en-US", "en-US"),
        Language("es", "Spanish", "Español", "es_US", "es-US", "es-419", "es-ES", "es-US"),
        Language("zh", "Mandarin", "普通话", "zh_Hans", "zh-CN", "cmn", "", "cmn-CN"),
        Language("yue", "Cantonese", "廣東話", "yue", "yue-HK", "yue", "", "yue-CN"),
        Language("vi", "Vietnamese", "Tiếng Việt", "vi", "vi-VN", "vi", "", "vi-VN"),
        Language("ko", "Korean", "한국어", "ko", "ko-KR", "ko", "", "ko-KR"),
        Language("fil", "Tagalog", "Tagalog", "fil", "fil-PH", "id", "", "fil-PH"),
        Language("ru", "Russian", "Русский", "ru", "ru-RU", "ru", "", "ru-RU"),
        Language("ar", "Arabic", "العربية", "ar", "ar", "ar", "", "arb", "rtl"),
        Language("ht", "Haitian Creole", "Kreyòl ayisyen", "ht", "ht-HT", "ht"),
        Language("fr", "French", "Français", "fr", "fr-FR", "fr-fr", "fr-FR", "fr-FR"),
        Language("pt", "Portuguese", "Português", "pt_BR", "pt-BR", "pt-br", "", "pt-BR"),
        Language("pl", "Polish", "Polski", "pl", "pl-PL", "pl", "", "pl-PL"),
        Language("it", "Italian", "Italiano", "it", "it-IT", "it", "it-IT", "it-IT"),
        Language("de", "German", "Deutsch", "de", "de-DE", "de", "de-DE", "de-DE"),
        Language("ja", "Japanese", "日本語", "ja", "ja-JP", "ja", "", "ja-JP"),
        Language("fa", "Persian", "فارسی", "fa", "fa-IR", "fa", "", "", "rtl"),
    )
}
