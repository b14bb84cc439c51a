"""小新 listens to her own voices: how much of what is said is understood, as it is recognised and as it is mended."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.ask import Assistant, new_conversation
from assistant.turn import Question
from channels.speech_parts import Words, build_hearing
from channels.wiring import Product, build
from evals.bench_figures import Figure, Part, Run, load_average, settings_in, share, spread
from evals.heard_errors import Errors, in_characters, in_syllables, plain
from evals.noises import noisy
from evals.sounds import VOICES, KeptVoice, seconds
from knowledge.library import Library
from speech.audio import Samples, decode
from speech.recognizer import Recognizer

SENTENCES = Path(__file__).parent / "datasets" / "speech" / "sentences.txt"
NOISES = (20, 10)
"""Decibels by which the speech is louder than the noise."""
NOISY = 60
"""Sentences that are heard through noise."""
MOST_CER = 10.0
SHORTEST_TERM = 2


@dataclass(frozen=True)
class Listened:
    """One sentence, and what was understood of it."""

    sentence: str
    voice: str
    raw: str
    text: str
    seconds: float
    took_ms: float
    noise: int | None = None


def hearing(run: Run) -> Part:
    """Spoken as `xiaoxin speak` does, in the voices by turns; understood as `xiaoxin listen` does."""
    begun = load_average()
    settings = settings_in(run.folder)
    product = build(settings)
    recognizer = build_hearing(settings, product.live)
    try:
        words = Words(product.live, settings.data_dir / "speech")
        sounds = list(spoken(run))
        heard = [listen(recognizer, words, *one) for one in sounds]
        through = [
            listen(recognizer, words, sentence, voice, noisy(sound, noise, seed), noise)
            for noise in NOISES
            for seed, (sentence, voice, sound) in enumerate(sounds[:: max(1, len(sounds) // NOISY)][:NOISY])
        ]
        figures = (*_figures(heard, product), *_through_noise(through))
    finally:
        product.close()
        recognizer.close()
    kept = _write(run, heard, through)
    return Part(
        figures,
        (
            f"{len(heard)} sentences in {', '.join(VOICES)} by turns; compared as read aloud, without punctuation",
            f"noise: white, on {len(through) // len(NOISES)} of them; same item: of those that typed lead to an item",
            f"load average {begun:.1f} to {load_average():.1f}; every sentence in {kept}",
        ),
    )


def sentences() -> list[str]:
    return [line for line in SENTENCES.read_text("utf-8").splitlines() if line]


def spoken(run: Run) -> Iterator[tuple[str, str, Samples]]:
    """Sentence, voice and sound; in the order of the file, though one voice is loaded at a time."""
    chosen = sentences()[:: max(1, 200 // run.sentences)][: run.sentences]
    settings = settings_in(run.folder)
    sounds: dict[str, tuple[str, Samples]] = {}
    for number, name in enumerate(VOICES):
        voice = KeptVoice(name, settings, run.folder.parent / "sound")
        for sentence in chosen[number :: len(VOICES)]:
            sounds[sentence] = name, decode(voice.file(sentence, settings.producer))
        voice.close()
    yield from ((sentence, *sounds[sentence]) for sentence in chosen)


def listen(
    recognizer: Recognizer, words: Words, sentence: str, voice: str, sound: Samples, noise: int | None = None
) -> Listened:
    begun = time.perf_counter()
    raw = recognizer.recognize(sound).text
    text = words.mend(raw).text
    return Listened(sentence, voice, raw, text, seconds(sound), (time.perf_counter() - begun) * 1000, noise)


def _figures(heard: Sequence[Listened], product: Product) -> Iterator[Figure]:
    yield _rate("CER, raw", by_character(heard, mended=False))
    yield _rate("CER, mended", by_character(heard), most=MOST_CER)
    yield _rate("by sound, raw", by_sound(heard, mended=False))
    yield _rate("by sound, mended", by_sound(heard))
    for voice in VOICES:
        of_voice = [one for one in heard if one.voice == voice]
        yield _rate(f"CER of {voice}, raw", by_character(of_voice, mended=False))
        yield _rate(f"CER of {voice}, mended", by_character(of_voice))
    terms = service_terms(product.live.current().library)
    yield share("service terms, raw", recalled(heard, terms, mended=False))
    yield share("service terms, mended", recalled(heard, terms))
    yield share("sentences without an error", (not one.wrong for one in by_character(heard)))
    yield share("same item as typed", same_item(product.assistant, heard))
    yield from spread("recognition", [one.took_ms for one in heard])[:2]
    total = sum(one.seconds for one in heard)
    yield Figure("recognition, of the sound's length", sum(one.took_ms for one in heard) / 10 / total, "%")


def _through_noise(heard: Sequence[Listened]) -> Iterator[Figure]:
    for noise in NOISES:
        given = [one for one in heard if one.noise == noise]
        yield _rate(f"CER through noise of {noise} dB, raw", by_character(given, mended=False))
        yield _rate(f"CER through noise of {noise} dB, mended", by_character(given))


def _rate(name: str, errors: Iterable[Errors], most: float | None = None) -> Figure:
    """Wrong of all, over the whole set."""
    given = list(errors)
    return Figure(name, 100 * sum(one.wrong for one in given) / max(1, sum(one.of for one in given)), "%", most=most)


def by_character(heard: Iterable[Listened], *, mended: bool = True) -> list[Errors]:
    return [in_characters(one.sentence, one.text if mended else one.raw) for one in heard]


def by_sound(heard: Iterable[Listened], *, mended: bool = True) -> list[Errors]:
    """Syllables without tones: homophones are right."""
    return [in_syllables(one.sentence, one.text if mended else one.raw) for one in heard]


def service_terms(library: Library) -> list[str]:
    names = [name for item in library.items.values() for name in (item.name, *item.aliases)]
    materials = [name for material in library.hall.materials for name in (material.name, *material.aliases)]
    return sorted({plain(term) for term in (*names, *materials) if len(plain(term)) >= SHORTEST_TERM})


def recalled(heard: Iterable[Listened], terms: Sequence[str], *, mended: bool = True) -> Iterator[bool]:
    """For each term of each sentence, whether it was understood. A term within a longer one does not count."""
    for one in heard:
        said, understood = plain(one.sentence), plain(one.text if mended else one.raw)
        found = [term for term in terms if term in said]
        longest = [term for term in found if not any(term in other for other in found if other != term)]
        yield from (term in understood for term in longest)


def same_item(assistant: Assistant, heard: Iterable[Listened]) -> Iterator[bool]:
    for one in heard:
        typed = _item(assistant, one.sentence)
        if typed is not None:
            yield bool(one.text) and _item(assistant, one.text) == typed


def _item(assistant: Assistant, text: str) -> str | None:
    item = assistant.ask(Question(text, new_conversation())).turn.item
    return item.id if item else None


def _write(run: Run, heard: Sequence[Listened], through: Sequence[Listened]) -> Path:
    """The worst first."""
    path = run.folder.parent / "hearing.jsonl"
    rows = sorted(
        ({"wrong": errors.wrong, "of": errors.of, **asdict(one)} for one, errors in _with_errors([*heard, *through])),
        key=lambda row: (row["noise"] is not None, -row["wrong"] / max(1, row["of"])),
    )
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return path


def _with_errors(heard: Sequence[Listened]) -> Iterator[tuple[Listened, Errors]]:
    yield from zip(heard, by_character(heard), strict=True)
