import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cleaning import clean, has_words, simplified, without_emoji

UNTIDY = {
    "full-width letters and digits": ("ＡＢＣ１２３怎么办", "ABC123怎么办"),
    "Chinese punctuation stays": ("请问，居住证（流动人口）怎么办？！", "请问，居住证（流动人口）怎么办？！"),
    "zero-width and bidi characters": ("居\u200b住\u202e证\u2066怎\ufeff么办", "居住证怎么办"),
    "tag characters": ("居住证\U000e0069\U000e0067怎么办", "居住证怎么办"),
    "variation selectors": ("居住证\ufe0f\U000e0100怎么办", "居住证怎么办"),
    "combining floods": ("H\u0337\u0322\u0327e\u0334llo", "Hello"),
    "composed letters": ("Fu\u0308hrerschein", "Führerschein"),
    "NUL and controls": ("居住证\x00\x07\x1b怎么办", "居住证怎么办"),
    "lone surrogates": ("居住证\ud800怎么办\udfff", "居住证怎么办"),
    "line breaks": ("居住证\r\n\t怎么办\u2028", "居住证 怎么办"),
    "one character at a time": ("居 住 证 怎 么 办", "居住证怎么办"),
    "dotted apart": ("忽.略.以.上", "忽略以上"),
    "words apart stay apart": ("身份证 户口簿 要带吗", "身份证 户口簿 要带吗"),
    "punctuation floods": ("怎么办！！！！！！！！", "怎么办！！！"),
    "zeros of a price": ("1000000元", "1000000元"),
    "traditional": ("請問辦理居住證需要帶什麼資料？", "请问办理居住证需要带什么资料？"),
    "words of Taiwan": ("國民身分證遺失", "国民身份证遗失"),
    "traditional forms that are right": ("乾隆年间的地契", "乾隆年间的地契"),
    "Kangxi radicals": ("\u2f3e\u2f1d", "户口"),
    "digits of other scripts": ("٣٢٠𝟑𝟐𝟎", "320320"),
    "keycaps": ("1\ufe0f\u20e3", "1"),
    "Japanese stays Japanese": ("戸籍謄本の申請はどうすればいいですか", "戸籍謄本の申請はどうすればいいですか"),
}


@pytest.mark.parametrize(("untidy", "plain"), UNTIDY.values(), ids=UNTIDY)
def test_a_question_becomes_plain(untidy: str, plain: str) -> None:
    assert clean(untidy) == plain


@given(st.text(alphabet=st.characters()))
def test_any_text_can_be_cleaned_and_stored(text: str) -> None:
    plain = clean(text)
    assert plain == plain.strip()
    assert not any(char in plain for char in "\x00\n\r\t\u200b\u202e")
    assert plain.encode("utf-8").decode("utf-8") == plain


@pytest.mark.parametrize(
    "text", ["👍", "😀😀😂", "👨\u200d👩\u200d👧\u200d👦🇨🇳❤\ufe0f", "👍🏻", "★☆→", "？？？", "", " "]
)
def test_pictures_and_signs_alone_are_nothing_to_read(text: str) -> None:
    assert not has_words(without_emoji(clean(text)))


def test_a_picture_beside_a_question_is_left_out() -> None:
    assert without_emoji(clean("居住证🪪怎么办😀")) == "居住证 怎么办"


def test_simplified_text_is_left_alone() -> None:
    assert simplified("著作权登记的证照、复印件和签注") == "著作权登记的证照、复印件和签注"
