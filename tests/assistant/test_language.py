import pytest

from assistant.language import asked_for, language_of

TEXTS = {
    "zh": [
        "居住证怎么办",
        "12345",
        "",
        "帮我办passport",
        "我の居住证怎么办",
        "juzhuzheng zenme ban",
        "zu fang ti gongjijin yao shenme cailiao",
        "wo mama he wo zenme ban huzhao",
        "請問戶口怎麼遷",
        "wifi",
    ],
    "en": [
        "How do I apply for a residence permit?",
        "passport renewal",
        "hello",
        "한국어 질문",
        "can you ban me",
        "he can open an account",
    ],
    "ja": ["在留カードの更新はどうすればいいですか", "戸籍謄本の申請", "ビザ", "すみません"],
    "de": ["Wie beantrage ich einen Reisepass?", "Führerschein umschreiben", "Wo ist das Standesamt?"],
}


@pytest.mark.parametrize(("language", "text"), [(key, text) for key, texts in TEXTS.items() for text in texts])
def test_a_visitor_is_answered_in_the_language_of_the_question(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("zh-CN", "zh"), ("en_US", "en"), ("DE", "de"), ("ja", "ja"), ("fr", None), ("", None), (None, None)],
)
def test_a_client_may_ask_for_a_language_of_the_hall(wanted: str | None, language: str | None) -> None:
    assert asked_for(wanted) == language
