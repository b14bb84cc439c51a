"""Find the passages that answer: meaning, words, sound and names, each from 0 to 1, fused by fixed weights.

What the best passages of an item reach counts for each of them: to a roundabout wording one passage of a wrong item
may seem near, but hardly three.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.common_words import in_common_words
from knowledge.english_search import ENGLISH, NAME, english_parts, english_scores
from knowledge.english_terms import chinese_terms
from knowledge.facet_words import without_facet_words
from knowledge.foreign_words import foreign_core
from knowledge.index import Index
from knowledge.letters import windows
from knowledge.library import Library
from knowledge.passage import Hit, Scores

Encode = Callable[[str], np.ndarray]
"""Question -> unit vector, shape (dimensions,)."""


@dataclass(frozen=True)
class Fusion:
    """Weights and scales, chosen on the development set (`python -m evals.tune`)."""

    meaning: float = 0.6
    words: float = 0.10
    sound: float = 0.20
    name: float = 0.10
    item: float = 0.5
    """Share of the item's evidence in the score; the four above share the rest."""
    lacking: float = 0.3
    """What an item loses whose passages together lack all words of the question that those of another have."""
    outright: float = 0.95
    """Name score from which an item has been called by its name: it needs no evidence of others and lacks no words."""
    cosine_floor: float = 0.82
    """e5 cosines of unrelated texts; scaled to 0."""
    cosine_span: float = 0.15
    """Added to the floor it is a cosine that counts as 1."""


@dataclass(frozen=True)
class ForeignFusion:
    """The same for questions in other languages, which share no words with the Chinese text."""

    meaning: float = 0.4
    name: float = 0.6
    cosine_floor: float = 0.76
    cosine_span: float = 0.19


FOREIGN = ForeignFusion()

COSINE_SCALES: dict[str, dict[str, float]] = {
    "hashing": {"cosine_floor": 0.2, "cosine_span": 0.7},
    "openai": {"cosine_floor": 0.3, "cosine_span": 0.5},
    "sentence-transformers": {"cosine_floor": 0.3, "cosine_span": 0.5},
}
"""Scales of embedders whose cosines are not as crowded as those of e5, by the embedder's kind."""


def cosine_scale(embedder: str) -> dict[str, float]:
    """What to override of Fusion for an embedder as the setting names it; nothing for e5 of any source."""
    return {} if "e5" in embedder else COSINE_SCALES.get(embedder.partition(":")[0], {})


EDGES = "要得需会办的个张"
"""Characters that carry no item at the ends of what is left."""
TELLING_NAME = 5
"""Characters from which a name within a question tells by itself what is meant: 护照 does not, 护照换发 does."""

FILLERS = re.compile(
    r"请问|你好|您好|麻烦|一下|我想要?|我要|想要|想问|问问|咨询|了解|知道|告诉我|帮我|给我|怎么|如何|怎样|咋样?|什么|是不是|能不能"
    r"|可不可以|需不需要|要不要|可以|需要|应该|现在|这个|那个|有没有|吗|呢|啊|呀|吧|么|嘛|的话|[\s，。？！、,.?!：:；;“”\"'（）()]"
)
"""Words that carry no item."""


OUTRIGHT = 0.9
"""Name score from which a question names an item and no other."""


def fuse(library: Library, fusion: Fusion, parts: np.ndarray, lacking: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score of each passage, and the evidence of its item; `parts` of shape (4, passages), `lacking` (passages,)."""
    score = np.array((fusion.meaning, fusion.words, fusion.sound, fusion.name), np.float32) @ parts
    evidence, called = library.best_of_subjects(score), parts[NAME] >= fusion.outright
    score += np.where((evidence < score) & called, 0.0, fusion.item * (evidence - score))
    score -= np.where(library.any_of_subject(called), 0.0, fusion.lacking * lacking)
    return score, evidence


class Retriever:
    """Finds hits in one library."""

    def __init__(
        self, library: Library, index: Index, encode: Encode, fusion: Fusion, hidden: frozenset[str] = frozenset()
    ) -> None:
        self.library, self.index, self.encode, self.fusion, self.hidden = library, index, encode, fusion, hidden

    def find(
        self,
        question: str,
        *,
        regions: tuple[str, ...] = (),
        at: date | None = None,
        top: int = 20,
        language: str = "zh",
    ) -> tuple[Hit, ...]:
        """The best `top` passages in force on `at`, for everywhere or for one of `regions`, best first."""
        library = self.library
        if not library.passages or not question.strip():
            return ()
        out = self._left_out(regions, at or date.today())
        if language in library.foreign:
            parts = self.foreign_parts(question, language)
            score = np.array((FOREIGN.meaning, FOREIGN.name, 0.0, FOREIGN.name), np.float32) @ parts
            if language == "en":
                parts, score = self._by_terms(question, parts, score)
        else:
            meant = in_common_words(question)
            parts, lacking = self.parts_of_letter(meant), self.lacking(meant, out)
            score, evidence = fuse(library, self.fusion, parts, lacking)
            parts = np.vstack((parts, evidence, lacking))
        score[out] = -1.0
        best = np.argpartition(-score, min(top, len(score) - 1))[:top]
        best = best[np.argsort(-score[best], kind="stable")]
        return tuple(
            Hit(library.passages[row], fused, Scores(*of_row))
            for row, fused, of_row in zip(best.tolist(), score[best].tolist(), parts[:, best].T.tolist(), strict=True)
            if fused > 0
        )

    def lacking(self, question: str, out: np.ndarray) -> np.ndarray:
        """For each passage how much fewer words of the question its item has than the one with most, 0 to 1.

        A story's words are spread over many passages of what it is about. Nothing is added for having them: what
        has nothing to do with any item would otherwise come nearer to being answered. The passages at the positions
        `out` set no measure.
        """
        words = self.library.words_of_subjects(question)
        words[out] = 0.0
        return words.max() - words

    def parts(self, question: str) -> np.ndarray:
        """Meaning, words, sound and name of every passage, shape (4, passages), each from 0 to 1."""
        return self._parts_of_each((question,))[0]

    def parts_of_letter(self, question: str) -> np.ndarray:
        """The same; for a letter, half of the whole and half of the mean of its windows.

        Names count in windows alone: one that stands somewhere in a story is seldom what the letter is about.
        """
        whole, *pieces = self._parts_of_each((question, *windows(question)))
        if not pieces:
            return whole
        of_windows = np.mean(pieces, axis=0)
        whole[NAME] = of_windows[NAME]
        return (whole + of_windows) / 2

    def _parts_of_each(self, texts: Sequence[str]) -> list[np.ndarray]:
        library = self.library
        return [
            np.stack(
                [
                    meaning,
                    np.clip(library.words.scores(text), 0, 1),
                    np.clip(library.sound.scores(text), 0, 1),
                    self._name(text),
                ]
            )
            for text, meaning in zip(texts, self._meanings(texts, self.fusion), strict=True)
        ]

    def foreign_parts(self, question: str, language: str) -> np.ndarray:
        """The same parts in another language: words count only for what has no name in it, sound never."""
        library, names = self.library, self.library.foreign[language]
        parts = np.zeros((4, len(library.passages)), np.float32)
        (parts[0],) = self._meanings((question,), FOREIGN)
        parts[1] = np.clip(library.words.scores(foreign_core(question, language)), 0, 1)
        for item in names.items:
            parts[1, library.subject_rows.get(item, ())] = 0.0
        for item, score in names.scores(question).items():
            parts[3, library.subject_rows.get(item, ())] = score
        return parts

    def _by_terms(self, question: str, parts: np.ndarray, plain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Parts and scores of an English question with what the Chinese terms for its words find."""
        found = chinese_terms(question)
        if not found.terms:
            return parts, ENGLISH.plain * plain
        covered = np.full(len(self.library.passages), found.covered, np.float32)
        covered[self.library.other_service_rows] = found.covered_elsewhere
        fused = english_parts(parts, self.parts(" ".join(found.terms)), covered)
        scores = english_scores(fused, parts[NAME], plain)
        fused[NAME] = np.maximum(fused[NAME], parts[NAME])
        return fused, scores

    def _meanings(self, texts: Sequence[str], scale: Fusion | ForeignFusion) -> list[np.ndarray]:
        """The meaning part of each text; all of them go through the vectors at once."""
        library, vectors = self.library, [self.encode(text) for text in texts]
        if library.matrix is not None:
            cosines = list((library.matrix @ np.stack(vectors, axis=1)).T)
        else:
            cosines = [self._near(vector) for vector in vectors]
        return [_scaled(library.best_of_keys(one), scale) for one in cosines]

    def _near(self, vector: np.ndarray) -> np.ndarray:
        """The cosine of each key by the vector store, 0 for those that are not near."""
        cosines = np.zeros(len(self.library.keys), np.float32)
        for key, cosine in self.index.search(vector, 500):
            cosines[self.library.key_positions.get(key, [])] = cosine
        return cosines

    def _name(self, question: str) -> np.ndarray:
        """How fully the question names a subject, for each of its passages."""
        scores = np.zeros(len(self.library.passages), np.float32)
        for subject, score in self.name_scores(question).items():
            scores[self.library.subject_rows[subject]] = score
        return scores

    def name_scores(self, question: str) -> dict[str, float]:
        """Subject -> 0 to 1: a name of it within the question, or nearly equal to what is left of the question."""
        library, text = self.library, question.lower()
        core = FILLERS.sub("", without_facet_words(text)).strip(EDGES) or FILLERS.sub("", text) or text
        best: dict[str, float] = {}
        for name, score, position in process.extract(core, library.names, scorer=fuzz.ratio, limit=20, score_cutoff=50):
            del name
            subject = library.name_owners[position]
            best[subject] = max(best.get(subject, 0.0), (score - 50) / 50)
        for position in library.names_within(text):
            subject = library.name_owners[position]
            length = len(library.names[position])
            telling, share = min(1.0, length / TELLING_NAME), min(1.0, length / max(len(core), 1))
            best[subject] = max(best.get(subject, 0.0), 0.5 * telling + 0.5 * share)
        return best

    def out_of_reach(self, question: str, *, regions: tuple[str, ...] = (), at: date | None = None) -> str | None:
        """The item that a question names outright, where nothing of it holds in `regions` on the day `at`."""
        library, left_out = self.library, set(self._left_out(regions, at or date.today()).tolist())
        if not left_out:
            return None
        named = [subject for subject, score in self.name_scores(question).items() if score >= OUTRIGHT]
        gone = [subject for subject in named if left_out.issuperset(library.subject_rows[subject].tolist())]
        return gone[0] if gone and gone == named and gone[0] in library.items else None

    def _left_out(self, regions: tuple[str, ...], at: date) -> np.ndarray:
        library = self.library
        rows = [library.not_in_force(at), library.not_of(regions), library.rows_of(self.hidden)]
        return np.concatenate([*rows, library.rows_of(library.overridden(regions, at))])


def _scaled(cosine: np.ndarray | np.float32, scale: Fusion | ForeignFusion) -> np.ndarray:
    return np.clip((cosine - scale.cosine_floor) / scale.cosine_span, 0, 1)
