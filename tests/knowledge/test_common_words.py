"""Dialect and elders' words become common ones; common speech stays as it is."""

import pytest

from knowledge.common_words import in_common_words


@pytest.mark.parametrize(
    ("said", "common"),
    [
        ("驾照寻弗着则，哪亨补", "驾照找不到了，怎么补"),
        ("养狗阿要办证，要几化铜钿", "养狗要不要办证，要多少钱"),
        ("吾屋里呒没人，阿好叫伊代办", "我家里没有人，可不可以叫伊代办"),
        ("伲小佬家上学要带嗲东西佬？", "我孩子上学要带什么东西？"),
        ("买仔套房子，葛张契税单到嗲地方领", "买了套房子，这张契税单到什么地方领"),
        ("啷个办居住证，咋整", "怎么办居住证，怎么办"),
        ("户口到哪块迁，阿来事", "户口到哪里迁，行不行"),
        ("我老头子前天走了，存折在我手里", "我老头子前天去世了，存折在我手里"),
        ("开店的那个本本烂了，图章也寻弗着", "开店的那个证烂了，印章也找不到"),
        ("要张纸头证明我住在这里", "要张证明证明我住在这里"),
    ],
)
def test_dialect_and_elders_words_become_common_ones(said: str, common: str):
    assert in_common_words(said) == common


@pytest.mark.parametrize(
    "text",
    [
        "我该怎么办，阿姨说要符合资格",
        "规则和价格在哪里看，否则怎么交",
        "表格在哪领，是合格证还是资格证",
        "应该个人去办还是单位去办",
        "我从老公家迁户口，他在吾悦广场上班",
        "寻找走失老人要报警吗",
        "哪能办身份证",
        "弗兰克是伊朗人，签证怎么延",
        "请勿忘记带身份证",
        "我妈走了好几个窗口都没办成",
        "摆脱贫困的补贴怎么申请",
        "办个本子要本人去吗",
        "退伍军人优待证怎么办",
        "Wie bekomme ich den Aufenthaltstitel?",
    ],
)
def test_common_speech_stays_as_it_is(text: str):
    assert in_common_words(text) == text
