"""What is handed in lies sealed: who takes the disk gets nothing, and who loses a key is told which."""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from preapproval.file_vault import BadReference, FileMissing, FileVault
from preapproval.vault import Vault, VaultDamaged, key_of
from preapproval.vault_keys import KeyMissing, open_to_others

SECRET = "样本 110101199003070000".encode()
HERE = "cases.applicant:7"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "keys")


@pytest.fixture
def files(tmp_path: Path, vault: Vault) -> FileVault:
    return FileVault(tmp_path / "cases", vault)


# blobs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"a", SECRET, bytes(1_000_003)])
def test_what_was_sealed_opens_again(vault: Vault, data: bytes):
    assert vault.open(vault.seal(data, HERE), HERE) == data


def test_a_blob_shows_nothing_of_its_content_and_is_never_the_same(vault: Vault):
    one, other = vault.seal(SECRET, HERE), vault.seal(SECRET, HERE)
    assert SECRET not in one
    assert one != other
    assert one[-len(SECRET) :] != other[-len(SECRET) :]


def test_one_changed_bit_anywhere_is_noticed(vault: Vault):
    blob = vault.seal(SECRET, HERE)
    for at in range(len(blob)):
        changed = bytearray(blob)
        changed[at] ^= 0x01
        with pytest.raises((VaultDamaged, KeyMissing)):
            vault.open(bytes(changed), HERE)


def test_a_blob_that_was_cut_or_lengthened_is_noticed(vault: Vault):
    blob = vault.seal(SECRET, HERE)
    for changed in (*(blob[:length] for length in range(len(blob))), blob + b"\0"):
        with pytest.raises(VaultDamaged):
            vault.open(changed, HERE)


def test_a_blob_opens_only_where_it_belongs(vault: Vault):
    blob = vault.seal(SECRET, HERE)
    with pytest.raises(VaultDamaged, match=r"cases\.applicant:8"):
        vault.open(blob, "cases.applicant:8")


def test_the_content_of_one_blob_under_the_head_of_another_does_not_open(vault: Vault):
    one, other = vault.seal(SECRET, HERE), vault.seal(SECRET[::-1], HERE)
    head = len(one) - len(SECRET) - 16 - 12
    with pytest.raises(VaultDamaged):
        vault.open(one[:head] + other[head:], HERE)


# keys ----------------------------------------------------------------------------------------------------------


def test_keys_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path, vault: Vault):
    folder = tmp_path / "keys"
    assert sorted(path.name for path in folder.iterdir()) == ["0001.json", "blind.json"]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert Vault(folder).open(vault.seal(SECRET, HERE), HERE) == SECRET


def test_a_key_that_others_may_read_is_named(tmp_path: Path, vault: Vault):
    assert open_to_others(vault.folder) == ()
    (vault.folder / "0001.json").chmod(0o644)
    assert [path.name for path in open_to_others(vault.folder)] == ["0001.json"]


def _first_start(folder: Path, gate: Path, out: Path) -> None:
    while not gate.exists():
        time.sleep(0.0005)
    vault = Vault(folder)
    out.write_text(json.dumps([vault.seal(SECRET, HERE).hex(), vault.blind("320411"), *vault.key_ids()]))


def test_processes_that_start_together_agree_on_the_keys(tmp_path: Path):
    context, folder = multiprocessing.get_context("spawn"), tmp_path / "keys"
    outs = [tmp_path / f"{number}.json" for number in range(4)]
    started = [context.Process(target=_first_start, args=(folder, tmp_path / "gate", out)) for out in outs]
    for process in started:
        process.start()
    time.sleep(1)
    (tmp_path / "gate").touch()
    for process in started:
        process.join(30)
        assert process.exitcode == 0
    told = [json.loads(out.read_text()) for out in outs]
    assert len({tuple(one[1:]) for one in told}) == 1
    assert all(Vault(folder).open(bytes.fromhex(one[0]), HERE) == SECRET for one in told)
    assert sorted(path.name for path in folder.iterdir()) == ["0001.json", "blind.json"]


def test_after_a_rotation_old_blobs_open_and_new_ones_use_the_new_key(vault: Vault):
    elsewhere = Vault(vault.folder)
    old = vault.seal(SECRET, HERE)
    newest = vault.rotate()
    new = vault.seal(SECRET, HERE)
    assert key_of(old) != key_of(new) == newest
    assert key_of(elsewhere.seal(SECRET, HERE)) == newest, "a process that runs meanwhile follows"
    assert elsewhere.open(new, HERE) == elsewhere.open(old, HERE) == SECRET
    assert vault.key_ids() == (key_of(old), newest)


def test_a_rewrapped_blob_needs_its_old_key_no_more(vault: Vault):
    blob = vault.seal(SECRET, HERE)
    assert vault.rewrap(blob, HERE) is None
    vault.rotate()
    moved = vault.rewrap(blob, HERE)
    assert moved is not None
    assert vault.rewrap(moved, HERE) is None
    assert moved[-len(SECRET) :] == blob[-len(SECRET) :], "the content is not sealed anew"
    (vault.folder / "0001.json").unlink()
    left = Vault(vault.folder)
    assert left.open(moved, HERE) == SECRET
    with pytest.raises(KeyMissing, match="0001-"):
        left.open(blob, HERE)


def test_the_first_key_of_another_installation_is_not_taken_for_the_own(tmp_path: Path, vault: Vault):
    with pytest.raises(KeyMissing, match="restore it from your backup"):
        vault.open(Vault(tmp_path / "other").seal(SECRET, HERE), HERE)


def test_a_lost_search_key_is_not_made_anew(vault: Vault):
    (vault.folder / "blind.json").unlink()
    with pytest.raises(KeyMissing, match=r"blind\.json"):
        Vault(vault.folder)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": "0001-a"}', '{"id": "0001-a", "secret": "YQ=="}', "null"])
def test_a_damaged_key_file_is_named(vault: Vault, content: str):
    (vault.folder / "0001.json").write_text(content)
    with pytest.raises(KeyMissing, match=r"0001\.json is damaged"):
        Vault(vault.folder)


def test_equal_numbers_are_found_however_they_are_written(vault: Vault):
    index = vault.blind("11010119900307001X")
    assert len(index) == 64
    assert index == vault.blind(" 110101 19900307 001x ") == vault.blind("１１０１０１１９９００３０７００１Ｘ")
    assert index != vault.blind("110101199003070011")
    vault.rotate()
    assert Vault(vault.folder).blind("11010119900307001X") == index, "a rotation keeps the index"


def test_the_index_of_another_installation_differs(tmp_path: Path, vault: Vault):
    assert vault.blind("110101") != Vault(tmp_path / "other").blind("110101")


# files ---------------------------------------------------------------------------------------------------------


def test_a_stored_file_is_sealed_private_and_named_by_chance(tmp_path: Path, files: FileVault):
    ref = files.put("case-1", SECRET)
    (path,) = (tmp_path / "cases" / "case-1").iterdir()
    assert path.name == ref
    assert SECRET not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert files.get("case-1", ref) == SECRET
    assert files.put("case-1", SECRET) != ref


def test_a_file_that_was_carried_into_another_case_does_not_open(tmp_path: Path, files: FileVault):
    ref, other = files.put("case-1", SECRET), files.put("case-2", b"")
    (tmp_path / "cases/case-1" / ref).rename(tmp_path / "cases/case-2" / other)
    with pytest.raises(VaultDamaged):
        files.get("case-2", other)


@pytest.mark.parametrize("case", ["", ".", "..", "../keys", "a/b", "a\\b", "/etc", "a\0", "a\n", "-a", "案", "a" * 65])
def test_a_case_that_would_lead_elsewhere_is_refused(tmp_path: Path, files: FileVault, case: str):
    with pytest.raises(BadReference):
        files.put(case, SECRET)
    with pytest.raises(BadReference):
        files.delete_case(case)
    assert not (tmp_path / "cases").exists()


@pytest.mark.parametrize("ref", ["", "..", "../../keys/0001.json", "A" * 32, "a" * 31, "a" * 32 + "\n", "/etc/passwd"])
def test_a_name_that_no_file_has_is_refused(files: FileVault, ref: str):
    files.put("case-1", SECRET)
    for use in (files.get, files.delete, files.rewrap):
        with pytest.raises(BadReference):
            use("case-1", ref)


def test_a_deleted_file_is_gone_and_its_data_key_with_it(tmp_path: Path, files: FileVault):
    ref = files.put("case-1", SECRET)
    kept = tmp_path / "kept"
    os.link(tmp_path / "cases/case-1" / ref, kept)
    assert files.delete("case-1", ref)
    assert not files.delete("case-1", ref)
    with pytest.raises(FileMissing):
        files.get("case-1", ref)
    assert kept.read_bytes()[:97] == bytes(97), "head with the wrapped data key, where the disk kept its blocks"


def test_a_deleted_case_leaves_no_folder_and_no_other_case_alone(tmp_path: Path, files: FileVault):
    for _ in range(3):
        files.put("case-1", SECRET)
    other = files.put("case-2", SECRET)
    assert files.delete_case("case-1") == 3
    assert files.delete_case("case-1") == 0
    assert list(files.files()) == [("case-2", other)]


def test_only_old_files_that_no_case_knows_are_orphans(tmp_path: Path, files: FileVault):
    refs = [files.put("case-1", SECRET) for _ in range(3)]
    long_ago = time.time() - 7200
    for ref in refs[:2]:
        os.utime(tmp_path / "cases/case-1" / ref, (long_ago, long_ago))
    assert files.orphans({("case-1", refs[0])}) == (("case-1", refs[1]),)


def test_a_killed_process_leaves_a_draft_that_is_no_file(tmp_path: Path, files: FileVault):
    ref = files.put("case-1", SECRET)
    draft = tmp_path / "cases/case-1" / f".{ref}.dead"
    draft.write_bytes(b"half")
    assert list(files.files()) == [("case-1", ref)]
    assert files.drop_drafts() == 0, "it may still be written"
    os.utime(draft, (0, 0))
    assert files.drop_drafts() == 1
    assert not draft.exists()


def test_drafts_are_dropped_while_others_write_and_delete(files: FileVault):
    def hand_in() -> None:
        for number in range(60):
            files.put(f"case-{number % 3}", SECRET)

    with ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(hand_in) for _ in range(3)]
        while not all(one.done() for one in writing):
            assert files.drop_drafts() == 0
        assert [one.result() for one in writing] == [None] * 3
        gone = [pool.submit(files.delete_case, "case-0") for _ in range(3)]
        assert all(one.result() <= 60 for one in gone)
    assert {case for case, _ in files.files()} == {"case-1", "case-2"}


def test_files_follow_a_rotation_one_by_one(files: FileVault, vault: Vault):
    ref = files.put("case-1", SECRET)
    assert not files.rewrap("case-1", ref)
    vault.rotate()
    assert files.rewrap("case-1", ref)
    assert not files.rewrap("case-1", ref)
    (vault.folder / "0001.json").unlink()
    assert files.get("case-1", ref) == SECRET


FULL_DISK = """
import resource, sys
from pathlib import Path
from preapproval.file_vault import FileVault, StorageFull
from preapproval.vault import Vault

files = FileVault(Path(sys.argv[1]) / "cases", Vault(Path(sys.argv[1]) / "keys"))
ref = files.put("case-1", b"small")
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    files.put("case-1", bytes(200_000))
except StorageFull as problem:
    print(problem, files.get("case-1", ref) == b"small", len(list((files.folder / "case-1").iterdir())))
"""


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path):
    """The largest file that the system lets a process write stands for the disk's end."""
    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout == "the disk is full: nothing was stored True 1\n", ended.stderr
