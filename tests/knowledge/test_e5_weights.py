from pathlib import Path

import numpy as np
import pytest

from knowledge.e5_weights import Q4, UnreadableWeights, read_weights


def test_a_block_of_four_bit_weights_is_read_as_its_format_says():
    """Nibble 15 is 7 scales, nibble 0 is -8 scales, nibble 8 is nothing."""
    nibbles = np.full((1, 64), 8, np.uint8)
    nibbles[0, :2] = 15, 0
    nibbles[0, 32] = 9
    matrix = Q4(nibbles, np.array([[0.5, 2.0]], np.float32))
    dense = matrix.dense()
    assert dense[0, :3].tolist() == [3.5, -4.0, 0.0]
    assert dense[0, 32:34].tolist() == [2.0, 0.0]
    assert matrix.packed()[0, :2].tolist() == [0x0F, 0x88]


@pytest.mark.parametrize("content", [b"", b"E5S1", b"PK\x03\x04 something else", b"E5S1\x01\x00\x00\x00\x80"])
def test_another_or_a_cut_off_file_is_refused(tmp_path: Path, content: bytes):
    file = tmp_path / "weights.bin"
    file.write_bytes(content)
    with pytest.raises(UnreadableWeights):
        read_weights(file)
