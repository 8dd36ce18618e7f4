"""Tagalog as it is said, for a voice that reads sounds: its spelling to Kokoro's letters.

Tagalog is spelled as it sounds, but for four things that this file knows: ng is one sound, and two small words are
written short (ng, mga); the stress, on the last syllable or the one before, is not written; what Filipinos say in
English is spelled in English; and the catch in the throat between vowels is left out, because Kokoro speaks it as t.
The spelling is that of the Ortograpiyang Pambansa (2013). The stress of the words of our scripts was written down by a
machine from what it knows of Tagalog; nobody who speaks it has checked or heard it yet.
"""

import re
import unicodedata
from collections.abc import Mapping

from ivr.errors import SpeechError


def _list_words(text: str) -> list[str]:
    return text.split()


def _read_pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


WHOLE: Mapping[str, str] = _read_pairs("""
    ng=naŋ mga=maŋˈa y=i
    zero=zˈiɾo one=wˈan two=tˈu three=tɾˈi four=fˈoɾ five=fˈajv six=sˈiks seven=sˈeven eight=ˈejt nine=nˈajn ten=tˈen
    eleven=ilˈeven twelve=twˈelv thirteen=tˌeɾtˈin fourteen=fˌoɾtˈin fifteen=fˌiftˈin sixteen=sˌikstˈin
    seventeen=sˌeventˈin eighteen=ˌejtˈin nineteen=nˌajntˈin twenty=twˈenti thirty=tˈeɾti forty=fˈoɾti fifty=fˈifti
    hours=ˈawəɾs days=dˈejs weeks=wˈiks june=ʤˈun july=ʤulˈaj wednesday=wˈensdej friday=fɾˈajdej sunday=sˈandej
    anesthesia=ˌanestˈisja appointment=apˈojntment area=ˈeɾja aspirin=ˈaspiɾin canal=kanˈal clinic=klˈinik code=kˈod
    compression=kompɾˈeʃon computer=kompjˈuteɾ cord=kˈoɾd ct=sˌitˈi demonstration=dˌemonstɾˈejʃon
    discomfort=diskˈomfoɾt emergency=imˈeɾʤensi exception=eksˈepʃon fracture=fɾˈakʧuɾ hello=helˈo
    ibuprofen=ˌajbupɾˈofen information=ˌinfoɾmˈejʃon interpreter=intˈeɾpɾeteɾ key=kˈi kyphoplasty=kˈajfoplˌasti
    line=lˈajn main=mˈejn menu=mˈenju mri=ˌemˌaɾˈaj operating=ˈopeɾejtiŋ osteoporosis=ˌostjopoɾˈosis
    pharmacist=fˈaɾmasist pound=pˈawnd pressure=pɾˈeʃuɾ procedure=pɾosˈiʤuɾ scan=skˈan spinal=spˈajnal spine=spˈajn
    spineline=spˈajnlajn staff=stˈaf star=stˈaɾ table=tˈejbol vertebroplasty=vˈeɾtebɾoplˌasti x-ray=ˈeksɾej
    miyerkules=mijˈeɾkules numero=nˈumeɾo sabado=sˈabado telepono=telˈepono taon=taˈon
""")
"""Words that are not spelled in Tagalog, three that are written short, and five that are stressed otherwise."""

LAST = frozenset(
    _list_words("""
    abril agad alam alin ano anuman apatnapu babantayan bibigyan binti bumalik buto buwan dalawa dalawampu dinidiinan
    disisais diyes doktor doon dugo dumiin espesyal gabi gamot gamutin ganito ganoon gawin ginagawa gising gulugod
    gumamot gusto hanggan hatinggabi hiling hilingin hindi huli huwag iba ibaba ihatid ilalagay ilan impeksyon
    impormasyon inilalabas inom inumin inyo isa itanong ito iyon kaalaman kailan kami kapag karaniwan karapatan
    karirinig kasabay kasunod kaunti kaya kayo kaysa kirot kondisyon kumpirmahin labimpito labindalawa labingwalo
    labinlima labinsiyam labintatlo lahat ligtas likod lima limampu linggo loob lumaktaw lumalala mabigat madali
    magbigay magdamag maghanda magkaroon magmadali magpapasya maikli makagalaw makakaramdam makakasagot makalawa mali
    maliit maliliit maramdaman mararamdaman marinig marurupok masasakit medikal mukha mula muli nabigo nagawa nagkaroon
    nagpapahupa nagtatapos naitala nakabalik nakikinig namuo napipindot nararamdaman narinig nasaan ngayon nila ninyo
    nito noon operahan ospital pagdurugo paggamot pagsasalita pagtatala pakinggan pakipindot pamamaga pampalabnaw
    pampamanhid pasya pauwi pinagdidikit pindutin pinupuno pito puwang regular relaks saan sagot sagutin sais sakit
    sampu sandali sapat siyam sundin sunod tanong tapos tatakpan tatlo tatlumpu tinitingnan titingnan tulog tumagal
    tumanggi tumigas tungkol uminom umuwi wala walo
    """)
)
"""Words of our scripts with the stress on the last syllable; others have it on the one before."""

WEAK = frozenset(
    ["ala", "alas", "ang", "at", "ay", "din", "en", "kung", "na", "nang", "o", "pa", "po", "rin", "sa", "si"]
)
"""Small words without a stress."""

PAIRS: Mapping[str, str] = _read_pairs("ng=ŋ ts=ʧ ch=ʧ dy=ʤ sy=ʃ sh=ʃ ph=f th=t ce=se ci=si ck=k qu=k ll=l")
"""Two letters that are one sound, or sound otherwise than each alone."""

SINGLE: Mapping[str, str] = {
    **{letter: letter for letter in "abdefhiklmnopstuvw"},
    **_read_pairs("c=k g=ɡ j=ʤ q=k r=ɾ x=ks y=j z=s \u0303=j"),  # the last is the sign on ñ
}
VOWELS = "aeiou"
STRESSES = "\u0301\u0302"
"""The accents by which a dictionary says that a vowel is stressed: é, ê."""

SILENT = "\u0300\u0308\u0327'"
"""Other accents, which leave the sound as it is, and the apostrophe."""

_LETTERS = re.compile("|".join([*PAIRS, "."]))


def write_sounds(phrase: str) -> str:
    """The words of one phrase, without punctuation, in Kokoro's letters, a blank between words.

    Raises SpeechError for a sign that is no letter of Tagalog (a digit, another script)."""
    plain = unicodedata.normalize("NFC", phrase).lower().replace("’", "'")
    return " ".join(filter(None, (_sound_word(word) for word in plain.split())))


def _sound_word(word: str) -> str:
    if word in WHOLE:
        return WHOLE[word]
    parts = [_sound_part(part) for part in word.split("-")]
    return "".join(part.replace("ˈ", "ˌ") for part in parts[:-1]) + parts[-1]


def _sound_part(part: str) -> str:
    """A word, or what stands beside a hyphen in it."""
    if part in WHOLE:
        return WHOLE[part]
    base = part.removesuffix("ng") or part
    if base in WHOLE:
        return f"{WHOLE[base]}ŋ"
    sounds, marked = _list_sounds(part)
    vowels = [at for at, sound in enumerate(sounds) if sound[-1] in VOWELS]
    if not vowels or base in WEAK:
        return "".join(sounds)
    usual = vowels[-1] if len(vowels) == 1 or _is_last_stressed(part) else vowels[-2]
    stressed = usual if marked is None else marked
    sounds[stressed] = f"{sounds[stressed][:-1]}ˈ{sounds[stressed][-1]}"
    return "".join(sounds)


def _is_last_stressed(word: str) -> bool:
    """Whether it is a word of LAST, alone or with what is joined to it: kayong, ilang (ilan), dalawampu't."""
    plain = re.sub("'[ty]$", "", word)
    return any(base in LAST for base in (plain, plain.removesuffix("ng"), re.sub("ng$", "n", plain)))


def _list_sounds(part: str) -> tuple[list[str], int | None]:
    """The sounds of its letters, and the place of a vowel that carries an accent."""
    sounds: list[str] = []
    marked = None
    for letters in _LETTERS.findall(unicodedata.normalize("NFD", part)):
        if letters in STRESSES and sounds:
            marked = len(sounds) - 1
        elif letters not in SILENT:
            sounds.append(_sound_letters(letters, part))
    return [_soften(sounds, at) for at in range(len(sounds))], marked


def _sound_letters(letters: str, part: str) -> str:
    sound = PAIRS.get(letters) or SINGLE.get(letters)
    if sound is None:
        raise SpeechError(
            f'"{letters}" in "{part}" has no Tagalog sound. Write the word in letters, as it is said: '
            "in the text, or in locales/fil/lexicon.toml."
        )
    return sound


def _soften(sounds: list[str], at: int) -> str:
    """y is a vowel where it stands beside none, as in a name that ends in it."""
    beside = "".join([*sounds[max(at - 1, 0) : at], *sounds[at + 1 : at + 2]])
    return "i" if sounds[at] == "j" and not set(beside) & set(VOWELS) else sounds[at]
