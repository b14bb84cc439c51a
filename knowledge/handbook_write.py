"""Write a changed handbook: only the files that differ, in them only what differs, all of them or none."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge.handbook import CATALOGUES, Handbook
from knowledge.item import ServiceItem
from knowledge.sheets.rows import Content, cleaned, content_of
from knowledge.yaml_patch import Edit, Pairs, Patch, Unpatchable, apply, compose, content_end
from knowledge.yaml_style import element_lines, entry_lines, plain_data

Files = dict[str, str | bytes | None]
"""Path below a folder -> new content; None: the file goes."""

TEMPORARY = ".new"


class Unwritten(Exception):
    """A change that cannot be written; the message is a sentence."""


def planned_files(handbook: Handbook, new: Content) -> Files:
    """What is to be written so that `handbook` becomes `new`. Nothing is written here."""
    old = content_of(handbook)
    files: Files = {}
    for item_id, item in old.items.items():
        path = handbook.sources[item_id].path
        relative = path.relative_to(handbook.root).as_posix()
        if item_id not in new.items:
            files[relative] = None
        elif item != new.items[item_id]:
            files[relative] = _changed_item(path, item, new.items[item_id])
    for item_id in [one for one in new.items if one not in old.items]:
        item = new.items[item_id]
        files[_new_path(item, handbook, files)] = _whole_item(item)
    for stem in CATALOGUES:
        if old.roots[stem] != new.roots[stem]:
            path = handbook.root / f"{stem}.yaml"
            files[path.name] = _changed_catalogue(path, stem, old.roots[stem], new.roots[stem])
    return files


def write_files(files: Files, root: Path) -> None:
    """Write every file, or none: what was there is put back when one cannot be written."""
    targets = {root / name: text for name, text in files.items()}
    before = {path: path.read_bytes() if path.is_file() else None for path in targets}
    staged = {path: path.with_name(path.name + TEMPORARY) for path, text in targets.items() if text is not None}
    done: list[Path] = []
    try:
        for path, temporary in staged.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            content = targets[path] or ""
            temporary.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        for path in targets:
            done.append(path)
            if path in staged:
                os.replace(staged[path], path)
            else:
                path.unlink()
    except OSError:
        for path in done:
            _put_back(path, before[path])
        raise
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _put_back(path: Path, content: bytes | None) -> None:
    if content is None:
        if path.is_file():
            path.unlink()
    elif not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


# items ---------------------------------------------------------------------------------------------------------


def _changed_item(path: Path, old: ServiceItem, new: ServiceItem) -> str:
    def patched(text: str, deep: bool) -> str:
        node = compose(text)
        if node is None:
            raise Unpatchable("no text")
        patch = Patch(text, deep)
        patch.part(node, old, new)
        return apply(text, patch.edits)

    def is_new(text: str) -> bool:
        return cleaned(ServiceItem.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))) == new

    return _safest(path, patched, is_new) or _whole_item(new)


def _whole_item(item: ServiceItem) -> str:
    return "".join(f"{line}\n" for name, value in plain_data(item).items() for line in entry_lines(name, value))


def _new_path(item: ServiceItem, handbook: Handbook, files: Files) -> str:
    """In the folder where most items of the same life event are; straight under items where there are none."""
    alike = [one.id for one in handbook.items.values() if item.life_event and one.life_event == item.life_event]
    folders = Counter(handbook.sources[one].path.parent for one in alike)
    folder = folders.most_common(1)[0][0] if folders else handbook.root / "items"
    number = 1
    while True:
        name = f"{item.id}.yaml" if number == 1 else f"{item.id}-{number}.yaml"
        relative = (folder / name).relative_to(handbook.root).as_posix()
        if not (folder / name).exists() and relative not in files:
            return relative
        number += 1


# catalogues ----------------------------------------------------------------------------------------------------


def _changed_catalogue(path: Path, stem: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    keys = [*(key for key in old if key in new), *(key for key in new if key not in old)]
    after = [new[key] for key in keys]
    lines = [line for one in after for line in element_lines(stem, plain_data(one), 2)]
    whole = [f"{stem}:", *lines] if after else [f"{stem}: []"]

    def patched(text: str, deep: bool) -> str:
        node = compose(text)
        entries = {key.value: (key, value) for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
        patch = Patch(text, deep)
        if stem not in entries:
            gap = "" if text.endswith("\n") or not text else "\n"
            return text + gap + "".join(f"{line}\n" for line in whole)
        if deep and after and old:
            patch.sequence(stem, entries[stem][1], list(old.values()), after, _by_key(list(old), keys))
        else:
            key, value = entries[stem]
            patch.edits.append(Edit(key.start_mark.index, content_end(value, text), "\n".join(whole)))
        return apply(text, patch.edits)

    def is_new(text: str) -> bool:
        data = yaml.load(text, Loader=yaml.CSafeLoader)[stem]
        return [cleaned(CATALOGUES[stem][0].model_validate(one)) for one in data] == after

    text = _safest(path, patched, is_new)
    if text is None:
        raise Unwritten(f"{path.name}: its layout is not one that can be changed in place; change it by hand")
    return text


def _by_key(old: list[str], new: list[str]) -> Pairs:
    """New entries stand at the end."""
    places = {key: position for position, key in enumerate(new)}
    known = set(old)
    return [(position, places.get(key)) for position, key in enumerate(old)] + [
        (None, position) for position, key in enumerate(new) if key not in known
    ]


# the text as it is on disk -------------------------------------------------------------------------------------


def _safest(path: Path, patched: Callable[[str, bool], str], is_new: Callable[[str], bool]) -> str | None:
    """The text with the smallest change that reads as the new value, or None where none does."""
    whole = path.read_bytes().decode("utf-8") if path.exists() else ""
    mark, text = ("\ufeff", whole[1:]) if whole.startswith("\ufeff") else ("", whole)
    windows = "\r\n" in text
    text = text.replace("\r\n", "\n")
    text += "" if text.endswith("\n") or not text else "\n"
    for deep in (True, False):
        try:
            result = patched(text, deep)
            if is_new(result):
                return mark + (result.replace("\n", "\r\n") if windows else result)
        except (Unpatchable, yaml.YAMLError, ValidationError, KeyError, TypeError):
            continue
    return None
