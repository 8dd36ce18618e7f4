"""Korean words whose sound their letters do not tell, respelled in Hangul as they are said.

Whether a consonant grows tense, or an n comes in, often follows from what a word is made of, which Hangul does not
show; the Standard Pronunciation (Pyojun Bareumbeop) lists such words under its articles, and so does this file. It
holds the words of our scripts and their like: care, numbers, time. A respelling is read on by the rules of
`hangul.py`, so it only has to spell what they cannot know. Written by a machine from the articles and from what it
knows of Korean; no speaker has checked or heard it yet.
"""

import re
from collections.abc import Mapping


def _read_pairs(text: str) -> dict[str, str]:
    """Each word with its respelling; _ stands for a blank."""
    return dict(pair.replace("_", " ").split("=") for pair in text.split())


ARTICLE_10_AND_11 = _read_pairs("""
    넓죽=넙쭉 넓둥=넙뚱 넓적=넙쩍 삶과=삼과 삶도=삼도 여덟=여덜
""")
"""Nouns and stems that do not follow the others of their cluster."""

ARTICLE_15 = _read_pairs("""
    겉옷=걷옷 헛웃음=헏웃음 값어치=갑어치 값있=갑있 넋없=넉없 맛없=맏업 멋없=먿업 젖어미=젇어미 첫인상=처딘상
    몇인=며딘 맛있=마싰 멋있=머싰 맏형=마텽 곧이어=고디어
""")
"""The parts are words, so the first ends as a word does. (맛있다 and 멋있다 as most say them.)"""

ARTICLE_16 = _read_pairs("""
    디귿=디긋 지읒=지읏 치읓=치읏 키읔=키윽 티읕=티읏 피읖=피읍 히읗=히읏
""")
"""Names of letters."""

ARTICLE_20 = _read_pairs("""
    의견란=의견난 생산량=생산냥 결단력=결딴녁 판단력=판단녁 동원령=동원녕 입원료=입원뇨 공권력=공꿘녁 상견례=상견녜
    횡단로=횡단노 이원론=이원논 구근류=구근뉴 임진란=임진난
""")
"""n stays before r, which becomes n."""

ARTICLE_24 = _read_pairs("""
    남고=남꼬 남습=남씁 남지=남찌 넘고=넘꼬 넘습=넘씁 넘지=넘찌 담습=담씁 담지=담찌 참습=참씁 참지=참찌 숨습=숨씁
    신습=신씁 신지_마=신찌_마 안습=안씁 껴안고=껴안꼬 삼고=삼꼬 더듬지=더듬찌 감습=감씁 숨지=숨찌 심습=심씁
""")
"""A verb's stem in n or m, before its ending."""

ARTICLE_26 = _read_pairs("""
    갈등=갈뜽 갈증=갈쯩 결정=결쩡 결석=결썩 골절=골쩔 골수=골쑤 물질=물찔 발달=발딸 발동=발똥 발생=발쌩 발작=발짝
    발진=발찐 불소=불쏘 말살=말쌀 밀접=밀쩝 수술대=수술때 시술대=시술때 실시=실씨 실신=실씬 실제=실쩨 열사병=열싸병
    일상=일쌍 일주=일쭈 절단=절딴 절대=절때 절도=절또 절제=절쩨 졸중=졸쯩 질소=질쏘 질식=질씩 철저=철쩌 출산=출싼
    출석=출썩 칠십=칠씹 탈수=탈쑤 팔십=팔씹 혈당=혈땅 혈소판=혈쏘판 혈전=혈쩐 혈중=혈쭝 활동=활똥 결손=결쏜
    별도=별또 몰상식=몰쌍식 불세출=불쎄출 출장=출짱 특별시=특별씨 열정=열쩡 탈진=탈찐
""")
"""l and then d, s or j in words from Chinese."""

ARTICLE_28 = _read_pairs("""
    문고리=문꼬리 눈동자=눈똥자 신바람=신빠람 손재주=손째주 길가=길까 물동이=물똥이 발바닥=발빠닥 손바닥=손빠닥
    굴속=굴쏙 술잔=술짠 바람결=바람껼 그믐달=그믐딸 아침밥=아침빱 잠자리=잠짜리 강가=강까 초승달=초승딸 등불=등뿔
    창살=창쌀 강줄기=강쭐기 산새=산쌔 발등=발뜽 손등=손뜽 물집=물찝 물속=물쏙 글자=글짜 몸속=몸쏙 외과=외꽈
    내과=내꽈 치과=치꽈 산부인과=산부인꽈 소아과=소아꽈 이비인후과=이비인후꽈 통증=통쯩 공증=공쯩 염증=염쯩
    중증=중쯩 경증=경쯩 병증=병쯩 불면증=불면쯩 우물정자=우물정짜 평가=평까 성격=성껵 인격=인껵 보험증=보험쯩
""")
"""What no letter shows is tense; and 과, 증, 자, 권, 점, 격 as dictionaries have them."""

FIRST = _read_pairs("""
    안과=안꽈 문자=문짜 한자=한짜 점자=점짜 여권=여꿘 사건=사껀 조건=조껀 인권=인꿘 일단=일딴 일정=일쩡 일시=일씨
    일종=일쫑 설사=설싸 실수=실쑤 발전=발쩐 장점=장쩜 설정=설쩡 철제=철쩨
""")
"""Of articles 26 and 28, but only where a word begins with them: 불안과 and 주문자 are other words."""

ARTICLE_29 = {
    **_read_pairs("""
    십육=십뉵 백육=백뉵 천육=천뉵 열엿새=열녓새 열여드레=열녀드레 한여름=한녀름 솜이불=솜니불 홑이불=혿니불
    맨입=맨닙 색연필=색년필 담요=담뇨 눈요기=눈뇨기 식용유=식용뉴 내복약=내복냑 알약=알냑 물약=물냑 두통약=두통냑
    진통약=진통냑 소독약=소독냑 휘발유=휘발뉴 서울역=서울녁 꽃잎=꼳닙 막일=막닐 삯일=삭닐 집안일=집안닐
    불여우=불녀우 솔잎=솔닙 설익=설닉 들일=들닐 물엿=물녓 신여성=신녀성 직행열차=직행녈차 늑막염=늑막념
    영업용=영업뇽 관절염=관절념 방광염=방광념 병원용=병원뇽 옷_입=온_닙 못_잊=몬_닞 못_읽=몬_닑 못_입=몬_닙
    못_일어=몬_니러 못_여=몬_녀 잘_입=잘_립
    """),
    **{
        f"{tens}{unit}": f"{tens}{said}"
        for tens in ("열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
        for unit, said in _read_pairs("여섯=녀섯 여덟=녀덜 일곱=닐곱 이틀=니틀 이레=니레").items()
    },
}
"""An n comes in; after l it becomes l (열여섯 is 열려섯)."""

ARTICLE_30 = _read_pairs("""
    냇가=내까 샛길=새낄 콧등=코뜽 깃발=기빨 햇살=해쌀 뱃속=배쏙 뱃전=배쩐 하룻밤=하루빰 핏덩=피떵 뼛조각=뼈쪼각
    뼛속=뼈쏙 숫자=수짜 횟수=회쑤 찻길=차낄 베갯잇=베갠닏 깻잎=깬닙 나뭇잎=나문닙 뒷일=뒨닐 허드렛일=허드렌닐
    도리깻열=도리깬녈
""")
"""The s between two nouns makes the next consonant tense, and is not heard itself."""

RESPELLED: Mapping[str, str] = {
    **ARTICLE_10_AND_11,
    **ARTICLE_15,
    **ARTICLE_16,
    **ARTICLE_20,
    **ARTICLE_24,
    **ARTICLE_26,
    **ARTICLE_28,
    **FIRST,
    **ARTICLE_29,
    **ARTICLE_30,
}
"""As it stands in a text, and as it is said. The longest is taken first."""

_PATTERN = re.compile(
    "|".join(rf"(?<![가-힣]){word}" if word in FIRST else word for word in sorted(RESPELLED, key=len, reverse=True))
)
_L = "[" + "".join(chr(sign) for sign in range(ord("갈"), ord("힣") + 1, 28)) + "]"
"""Every syllable that ends in l."""

_ENDS = r"(?=[가는도를은을이에만로]|\s|$)"
"""A particle, or the end of the word."""

_BOUND = rf"수{_ENDS}|수밖에|것|거[예에야]|겁니|데[가는도를]|바[가는도를]|줄(?:은|도|로)? [아알모몰]|적에|듯"
"""Nouns that follow a verb in -ㄹ and little else."""

_VERBS = "할|될|줄|갈|올|볼|알|릴|낼|실|받을|먹을|있을|없을|않을"
_NOUNS = "사람|생각|시간|권리|계획|준비|방법|경우|곳|증상|자리|장소|기회|정도|도리|자신|가능성"
"""Other nouns are taken to follow a verb only after these ends of verbs: 약을 시간에 has a particle, not a verb."""

_ENDINGS = r"지(?:는|도|를|만|요|라도|언정)?(?:\s|$)|수록|게요?(?:\s|$)|걸요?(?:\s|$)|밖에|세라|진대"
_COUNTERS = rf"시(?:간|에|까지|부터|\s|$)|주(?:간|일|동안|{_ENDS})|개|살|달|사람|번|병|장|잔|가지|대|정|점|도|단계"
_DIGIT = "일이삼사오육칠팔구십백천"

_GROWS_TENSE = (
    re.compile(rf"({_L} )(?={_BOUND})(.)"),  # article 27: 할 것을 is 할꺼슬
    re.compile(rf"((?:{_VERBS}) )(?={_NOUNS})(.)"),  # article 27: 만날 사람 is 만날싸람
    re.compile(rf"([할될갈올볼을실줄릴를킬낼칠])(?={_ENDINGS})(.)"),  # article 27: 할지 is 할찌 (but 알지, 길지)
    re.compile(rf"((?:열|여덟) )(?={_COUNTERS})(.)"),  # as dictionaries have it: 열 시 is 열씨
    re.compile(rf"((?:^|(?<=[\s{_DIGIT}]))[일칠팔] )(?={_COUNTERS})([시주장대정점도단])"),  # article 26: 칠 주 is 칠쭈
)
"""What becomes tense beside what stands before it."""

_IN_UI = re.compile(
    "(?:회|주|동|강|의|합|정|논|문|예|편|상|호|유|거|협|항|심|건)의"  # 회의, 주의: nouns, where 의 is no particle
)


def respell(phrase: str) -> str:
    """`phrase` with what no letter shows: every word of the table, what grows tense beside its neighbour (article 27),
    and the particle 의, which is 에 (article 5)."""
    for pattern in _GROWS_TENSE:
        phrase = pattern.sub(lambda found: found[1] + _make_tense(found[2]), phrase)
    phrase = re.sub(rf"({_L} )예정", r"\1례정", phrase)  # article 29
    phrase = re.sub(rf"((?:할|될|있을|없을) )일(?=입|{_ENDS})", r"\1릴", phrase)  # article 29: 할 일 is 할릴
    words = (word if _IN_UI.fullmatch(word) else re.sub("(?<=.)의$", "에", word) for word in phrase.split(" "))
    return _PATTERN.sub(lambda found: RESPELLED[found[0]], " ".join(words))


def _make_tense(syllable: str) -> str:
    """ㄱ, ㄷ, ㅂ, ㅅ and ㅈ become the next consonant in Unicode's order."""
    is_plain = (ord(syllable) - ord("가")) // 588 in (0, 3, 7, 9, 12)
    return chr(ord(syllable) + 588) if is_plain else syllable
